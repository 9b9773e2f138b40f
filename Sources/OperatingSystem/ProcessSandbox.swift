import CSystemCalls

/// Shuts a process up with what it has open and in memory, before it takes a hostile file apart.
///
/// ```swift
/// let bytes = try Data(contentsOf: file)
/// ProcessSandbox.enter()
/// parse(bytes)      // can compute and answer, and nothing else: no file, no process, no network
/// ```
public enum ProcessSandbox {
  /// Enters it, for good: no new privileges, no file system (Landlock), system calls from a short list only (seccomp).
  ///
  /// Under AddressSanitizer, whose reports need files, nothing happens.
  ///
  /// - Returns: false where the kernel has no system call filter, and only part of that holds.
  @discardableResult
  public static func enter() -> Bool { cs_enter_sandbox() == 0 }

  /// Whether system calls can be filtered here: the kernel can, and nothing that confines this process forbids it.
  public static var isAvailable: Bool { cs_has_seccomp() == 1 }

  /// What this machine's kernel has of it: `seccomp, Landlock 3`.
  public static var description: String {
    let landlock = cs_landlock_version()
    let parts = (isAvailable ? ["seccomp"] : []) + (landlock > 0 ? ["Landlock \(landlock)"] : [])
    return parts.isEmpty ? "none: this kernel has neither seccomp nor Landlock" : parts.joined(separator: ", ")
  }
}
