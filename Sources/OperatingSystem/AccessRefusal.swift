import DialogueDomain
import Foundation

/// This process's user may not read a file: which file or folder stands in the way, and what would let them.
///
/// Who cannot look into a folder cannot tell whether a file is missing there: this is asked first.
public struct AccessRefusal: ExplainedError {
  /// The remedy names the group to join, where a group may read.
  public let explanation: Explanation

  /// Nil where the file can be read, or where nothing but its absence is in the way.
  public init?(reading url: URL) {
    self.init(reading: url, by: .current) { access($0, $1) == 0 || errno != EACCES }
  }

  init?(reading url: URL, by user: Reader, mayUse: (_ path: String, _ mode: Int32) -> Bool) {
    guard !mayUse(url.path, R_OK) else { return nil }
    let folders = sequence(first: url.deletingLastPathComponent()) {
      $0.path == "/" ? nil : $0.deletingLastPathComponent()
    }
    // The outermost one that is shut: what lies behind it cannot be looked at.
    let shut = Array(folders).last { !mayUse($0.path, X_OK) }
    let obstacle = shut ?? url
    explanation = Explanation(
      .io, "permission denied", at: obstacle.path,
      remedy: user.remedy(for: obstacle.path, groupNeeds: shut == nil ? 0o040 : 0o010))
  }

  /// Who reads, and the groups they are in.
  struct Reader {
    var name: String
    /// What this process may do with groups: they were settled when its user logged in.
    var groups: Set<gid_t>
    /// What the user's next login will have.
    var groupsAtNextLogin: Set<gid_t>

    static var current: Reader {
      let name = NSUserName()
      let own = list { getgroups($1, $0) }
      let next = list { space, count in
        var found = count
        return getgrouplist(name, getegid(), space, &found) < 0 ? -1 : found
      }
      return Reader(name: name, groups: own.union([getegid()]), groupsAtNextLogin: next)
    }

    /// As many groups as a user can be in; none where the system does not tell.
    private static func list(_ fill: (UnsafeMutablePointer<gid_t>?, Int32) -> Int32) -> Set<gid_t> {
      let most = 65_536
      return Set(
        [gid_t](unsafeUninitializedCapacity: most) { buffer, count in
          count = max(0, Int(fill(buffer.baseAddress, Int32(most))))
        })
    }

    func remedy(for path: String, groupNeeds bit: Int) -> String {
      let facts = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      let owner = facts[.ownerAccountName] as? String
      guard let group = (facts[.groupOwnerAccountID] as? NSNumber)?.uint32Value,
        let mode = (facts[.posixPermissions] as? NSNumber)?.intValue, mode & bit == bit, !groups.contains(group)
      else { return "Run this as \(owner.map { "the user \($0)" } ?? "its owner"), or have them let you read it." }
      let title = facts[.groupOwnerAccountName] as? String ?? "\(group)"
      if groupsAtNextLogin.contains(group) {
        return "You have joined the group \(title) since you logged in: log in again."
      }
      return "Join the group \(title) ('sudo usermod -aG \(title) \(name)'), then log in again."
    }
  }
}
