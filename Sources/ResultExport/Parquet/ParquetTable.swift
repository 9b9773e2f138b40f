import DialogueDomain

/// Utterances as an Apache Parquet file: flat, nullable columns, uncompressed, texts by dictionary.
///
/// A part of the format that every reader knows: version 1 data pages, one for each column and row group, in the encodings
/// PLAIN, RLE and RLE_DICTIONARY, without statistics. `make test-export` compares what DuckDB and Arrow read of it with
/// the CSV of the same rows.
struct ParquetTable: ExportTable {
  /// Utterances of a row group: what is in memory at once.
  static let rowsPerGroup = 65_536

  var bytes: [UInt8]
  private let columns: [TableColumn]
  private var current: [ParquetColumn]
  private var groups: [Group] = []
  /// Bytes made so far, those included that were taken away.
  private var written: Int
  private let rowsPerGroup: Int

  private struct Group {
    var chunks: [(name: String, kind: TableColumn.Kind, start: Int, chunk: ParquetColumn.Chunk)]
    var rows: Int
    var size: Int
  }

  init(emotions: [String], rowsPerGroup: Int = Self.rowsPerGroup) {
    columns = TableColumn.all(emotions: emotions)
    current = columns.map(ParquetColumn.init)
    self.rowsPerGroup = rowsPerGroup
    bytes = Array("PAR1".utf8)
    written = bytes.count
  }

  mutating func append(_ dialogue: ExportedDialogue) {
    for turn in dialogue.turns {
      for index in columns.indices { current[index].append(columns[index].value(turn.row)) }
      if current[0].count >= rowsPerGroup { endGroup() }
    }
  }

  mutating func finish() {
    if current[0].count > 0 { endGroup() }
    let footer = footer()
    bytes += footer
    ParquetColumn.little(UInt32(footer.count), to: &bytes)
    bytes += Array("PAR1".utf8)
  }

  private mutating func endGroup() {
    var group = Group(chunks: [], rows: current[0].count, size: 0)
    for column in current {
      let (chunk, pages) = column.chunk()
      group.chunks.append((column.name, column.kind, written, chunk))
      bytes += pages
      written += pages.count
      group.size += pages.count
    }
    groups.append(group)
    current = columns.map(ParquetColumn.init)
  }

  private func footer() -> [UInt8] {
    var meta = CompactProtocol()
    meta.int32(1, 1)
    meta.structures(2, [nil] + columns.map(Optional.some)) { meta, column in
      guard let column else {
        meta.string(4, "utterances")
        meta.int32(5, columns.count)
        return
      }
      element(column, into: &meta)
    }
    meta.int64(3, groups.reduce(0) { $0 + $1.rows })
    meta.structures(4, groups) { meta, group in
      meta.structures(1, group.chunks) { meta, part in
        meta.int64(2, part.start)
        meta.structure(3) { meta in
          meta.int32(1, ParquetCode.type(part.kind))
          meta.int32s(2, part.chunk.encodings)
          meta.strings(3, [part.name])
          meta.int32(4, 0)
          meta.int64(5, part.chunk.values)
          meta.int64(6, part.chunk.size)
          meta.int64(7, part.chunk.size)
          meta.int64(9, part.start + part.chunk.dataOffset)
          if part.chunk.hasDictionary { meta.int64(11, part.start) }
        }
      }
      meta.int64(2, group.size)
      meta.int64(3, group.rows)
    }
    meta.string(6, "ambq version \(Version.current)")
    meta.end()
    return meta.bytes
  }

  /// A nullable column of the schema, with its meaning in the old words and the new.
  private func element(_ column: TableColumn, into meta: inout CompactProtocol) {
    meta.int32(1, ParquetCode.type(column.kind))
    meta.int32(3, 1)
    meta.string(4, column.name)
    switch column.kind {
    case .text:
      meta.int32(6, 0)
      meta.structure(10) { $0.structure(1) { _ in } }
    case .time:
      meta.int32(6, 9)
      meta.structure(10) { meta in
        meta.structure(8) { meta in
          meta.flag(1, true)
          meta.structure(2) { $0.structure(1) { _ in } }
        }
      }
    case .integer, .number, .flag: break
    }
  }
}
