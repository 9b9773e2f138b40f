import AmbqConfiguration
import DialogueDomain
import Foundation
import OperatingSystem

extension Spool {
  private static let noteEnding = SpoolCompanion.deferralNote.ending

  /// Puts a claimed bundle aside for another try: the note first, then the bundle.
  ///
  /// The note is written as well as can be: on a full disk it is missing, and the bundle waits all the same. Not so under a
  /// marked name: only the note knows the bundle's own then.
  ///
  /// - Returns: the name in `deferred`: the bundle's own, or with `~2`, `~3`, … where that is taken.
  /// - Throws: `StorageError` when the bundle cannot be moved, or a note that it needs not be written; it is then still in
  ///   `active`.
  public func postpone(_ claimed: ClaimedBundle, note: DeferralNote) throws -> FileName {
    for number in 1... {
      let file = number == 1 ? claimed.name.text : claimed.name.marked("\(number)").text
      let target = layout.deferred.appendingPathComponent(file, isDirectory: false)
      guard try FolderEntry.find(FileName(file), in: layout.deferred) == nil else { continue }
      do {
        try DurableFile.write(try SpoolJSON.encode(note), to: noteURL(file))
      } catch {
        guard number == 1 else { throw error }
      }
      freed.free(claimed.name)
      do {
        try ExclusiveRename.move(claimed.url, to: target)
      } catch let error as StorageError where error.code == EEXIST {
        continue
      } catch {
        removeNote(beside: file)
        throw error
      }
      moveSidecar(FileName(claimed.name.text), in: layout.active, to: target)
      if file != claimed.name.text { removeNote(beside: claimed.name.text, unlessDeferred: true) }
      return FileName(file)
    }
    return FileName(claimed.name.text)
  }

  /// The bundles in `deferred` with their notes.
  ///
  /// One under a marked name whose note cannot be read at the moment is left out until it can: only the note knows its own.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public func deferredBundles() throws -> [(file: FileName, note: DeferralNote?)] {
    try FolderListing.names(in: layout.deferred).sorted().compactMap { name in
      guard let entry = FolderEntry(name, in: layout.deferred), IntakeRule(entry) == .bundle else { return nil }
      guard let text = name.text else { return (name, nil) }
      let note = note(beside: text)
      if note == nil && BundleName(name).isNumbered && isNoteUnreadable(beside: text) { return nil }
      return (name, note)
    }
  }

  private func isNoteUnreadable(beside file: String) -> Bool {
    !FolderEntry.isGone(FileName(file + Self.noteEnding), in: layout.deferred)
      && (try? Data(contentsOf: noteURL(file))) == nil
  }

  /// The note of a file in `deferred`, or of one that left it for `active`.
  func note(beside file: String) -> DeferralNote? {
    SpoolJSON.decode(DeferralNote.self, from: noteURL(file))
  }

  /// Forgets the tries of a bundle that is finished.
  func removeNote(of claimed: ClaimedBundle) {
    guard claimed.note != nil else { return }
    removeNote(beside: claimed.name.text, unlessDeferred: true)
  }

  /// Removes notes whose bundle is neither deferred nor active any more.
  ///
  /// - Throws: `StorageError` when the folder cannot be read.
  public func removeOrphanedNotes() throws {
    for name in try FolderListing.names(in: layout.deferred) {
      guard let text = name.text, text.hasSuffix(Self.noteEnding) else { continue }
      let bundle = FileName(String(text.dropLast(Self.noteEnding.count)))
      if FolderEntry.isGone(bundle, in: layout.deferred) && FolderEntry.isGone(bundle, in: layout.active) {
        removeNote(beside: bundle.shown)
      }
    }
  }

  private func removeNote(beside file: String, unlessDeferred: Bool = false) {
    if unlessDeferred && !FolderEntry.isGone(FileName(file), in: layout.deferred) { return }
    unlink(noteURL(file).path)
  }

  private func noteURL(_ file: String) -> URL {
    layout.deferred.appendingPathComponent(file + Self.noteEnding, isDirectory: false)
  }
}

/// What is known of a deferred bundle: `<name>.deferral.json` beside it.
public struct DeferralNote: Codable, Sendable, Hashable {
  /// Whose fault the trouble is.
  public enum Cause: String, Codable, Sendable {
    /// The bundle's own: it is busy, or cannot be read just now. Such bundles are given up in the end.
    case bundle
    /// The machine's: a full disk, a locked index. No bundle is given up for that.
    case machine = "house"
  }

  /// The bundle's name, which its file here bears too unless that was taken.
  public var bundle: String
  /// When it came into the spool.
  public var arrived: Date
  /// Tries in vain so far.
  public var tries: Int
  /// When the bundle's own trouble began; nil where it had none.
  public var troubledSince: Date?
  /// When it is tried again.
  public var next: Date
  /// Whose fault the last trouble was.
  public var cause: Cause
  /// The last trouble.
  public var trouble: Explanation

  /// The note after one more try in vain.
  ///
  /// - Returns: nil where the policy says to give up.
  public init?(
    after trouble: Explanation, cause: Cause, of claimed: ClaimedBundle, at now: Date, policy: DeferralPolicy
  ) {
    let earlier = claimed.note
    bundle = claimed.name.text
    arrived = claimed.arrived
    tries = (earlier?.tries ?? 0) + 1
    troubledSince = earlier?.troubledSince ?? (cause == .bundle ? now : nil)
    if cause == .bundle, let since = troubledSince, now.timeIntervalSince(since) >= policy.giveUpAfter { return nil }
    next = now.addingTimeInterval(policy.wait(afterTries: tries))
    self.cause = cause
    self.trouble = trouble
  }
}

/// How long to wait before another try, and when to stop trying.
public struct DeferralPolicy: Sendable, Hashable {
  /// Seconds before the second try.
  public var start: Double
  /// Each further wait is this many times the last.
  public var factor: Double
  /// No wait is longer than this many seconds.
  public var limit: Double
  /// Seconds after the first trouble at which the next trouble is the last.
  public var giveUpAfter: Double

  /// A policy of these waits, all in seconds.
  public init(start: Double, factor: Double, limit: Double, giveUpAfter: Double) {
    self.start = start
    self.factor = factor
    self.limit = limit
    self.giveUpAfter = giveUpAfter
  }

  /// The policy that the configuration asks for.
  public init(_ settings: AmbdConfiguration.Deferral) {
    self.init(
      start: settings.startSeconds, factor: settings.factor, limit: settings.limitSeconds,
      giveUpAfter: settings.giveUpSeconds)
  }

  /// Seconds to wait after `tries` tries in vain.
  public func wait(afterTries tries: Int) -> Double {
    min(limit, start * pow(factor, Double(max(tries - 1, 0))))
  }
}
