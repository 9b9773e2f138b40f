import Foundation
import OperatingSystem

/// The little script of a dialogue's page: it marks whom an utterance listened to, and moves with the arrow keys.
///
/// The page says all of it in words as well, and works without.
enum PageScript {
  /// Numbers only come from the page's attributes; nothing of a bundle becomes code.
  static let text = """
    (() => {
      const every = (mark) => document.querySelectorAll(mark);
      const clear = () => {
        every(".arc").forEach((arc) => arc.remove());
        every(".self, .heard, .cancelled").forEach((one) => one.classList.remove("self", "heard", "cancelled"));
      };
      const pairs = (text) => (text || "").split(" ").filter(Boolean).map((pair) => pair.split(":"));
      const draw = (from, to, kind, weight) => {
        const picture = from && from.closest("svg");
        if (!picture || !to || picture !== to.closest("svg")) return;
        const [a, b] = [from, to].map((bar) => bar.querySelector("rect").getBBox());
        const [x, y, u, v] = [a.x + a.width / 2, a.y, b.x + b.width / 2, b.y];
        const arc = document.createElementNS("http://www.w3.org/2000/svg", "path");
        arc.setAttribute("d", `M${x} ${y} Q${(x + u) / 2} ${Math.min(y, v) - 14} ${u} ${v}`);
        arc.setAttribute("class", "arc " + kind);
        arc.setAttribute("stroke-width", Math.max(1, Math.min(6, weight / 8)));
        picture.append(arc);
      };
      const show = (turn) => {
        clear();
        const item = document.getElementById("t" + turn);
        if (!item) return;
        const bar = (other) => document.querySelector(`.lanes [data-turn="${other}"]`);
        every(`[data-turn="${turn}"]`).forEach((one) => one.classList.add("self"));
        for (const [kind, list] of [["heard", item.dataset.heard], ["cancelled", item.dataset.cancelled]]) {
          for (const [other, weight] of pairs(list)) {
            every(`[data-turn="${other}"]`).forEach((one) => one.classList.add(kind));
            draw(bar(turn), bar(other), kind, Number(weight));
          }
        }
      };
      const follow = (event) => {
        const own = event.target.closest && event.target.closest("[data-turn]");
        if (own) show(own.dataset.turn); else if (event.type === "pointerover") clear();
      };
      for (const kind of ["pointerover", "focusin", "click"]) document.addEventListener(kind, follow);
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape") return clear();
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const own = document.activeElement && document.activeElement.closest(".utterances li");
        if (!step || !own || event.altKey || event.ctrlKey || event.metaKey) return;
        const next = step > 0 ? own.nextElementSibling : own.previousElementSibling;
        if (!next) return;
        event.preventDefault();
        next.focus();
      });
    })();
    """

  /// The policy that lets this script run and no other, and lets nothing be fetched from anywhere.
  static var policy: String {
    let digest = FileDigest.sha256(Data(text.utf8))
    let bytes = stride(from: 0, to: digest.count, by: 2).compactMap { place -> UInt8? in
      let start = digest.index(digest.startIndex, offsetBy: place)
      return UInt8(digest[start..<digest.index(start, offsetBy: 2)], radix: 16)
    }
    let hash = Data(bytes).base64EncodedString()
    return
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
  }
}
