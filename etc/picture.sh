#!/bin/sh
# Draws docs/show.svg, the picture of the README: what `ambq show support-call` prints on a terminal.
#
# usage: picture.sh DIRECTORY-OF-BINARIES    make picture
# The same programs, model and machine make the same bytes.
set -eu

binaries=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-picture.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "$here/etc/samples/support-call.vtt" >"$work/inputs"
"$binaries/ambd" score --manifest "$work/inputs" --out "$work/out" --probes --at 2026-11-27T16:40:00Z \
  --config "$here/etc/ambd.toml" --log-level error
"$binaries/ambq" merge "$work/out" --into "$work/index.sqlite" --quiet

# The first sixteen turns. Each stretch of one colour gets its place and length in columns, so that no font can shift it.
TZ=UTC COLUMNS=94 "$binaries/ambq" show support-call --index "$work/index.sqlite" --colour always | sed '22,$d' |
  perl -CSD -e '
    my ($wide, $high, $top, $left) = (8.4, 19, 46, 16);
    my %names = (1 => "b", 2 => "d", 30 => "k", map { my $c = $_; (30 + $c => "c$c", 90 + $c => "c$c") } 1 .. 7);
    $names{90} = "d";
    my @lines = <STDIN>;
    my ($width, $height) = (94 * $wide + 2 * $left, $top + $high * (@lines + 1) + 4);
    print qq(<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" viewBox="0 0 $width $height" ),
      qq(role="img" aria-label="What ambq show prints of a call: speaker, emotion, confidence and words of each turn." ),
      qq(font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14">\n),
      "<style>\nrect { fill: #f6f8fa; stroke: #d0d7de } text { fill: #1f2328; } .b { font-weight: 700 } .d { fill: #59636e }\n",
      ".c1 { fill: #b3261e } .c2 { fill: #1a6b34 } .c3 { fill: #8a5300 } .c4 { fill: #0b57b0 } .c5 { fill: #8034b0 } .c6 { fill: #00676e }\n",
      "\@media (prefers-color-scheme: dark) {\nrect { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .d { fill: #9198a1 }\n",
      ".c1 { fill: #ff8e85 } .c2 { fill: #7ee29a } .c3 { fill: #f2b866 } .c4 { fill: #86b9ff } .c5 { fill: #d8a6ff } .c6 { fill: #63d9e0 }\n",
      "}\n</style>\n", qq(<rect x="0.5" y="0.5" width="), $width - 1, qq(" height="), $height - 1, qq(" rx="8"/>\n);
    sub put {
      my ($text, $class, $column, $y) = @_;
      for my $words (split /( {2,}|^ | $)/, $text) {
        my $length = length $words;
        if ($words =~ /[^ ]/) {
          $words =~ s/&/&amp;/g;
          $words =~ s/</&lt;/g;
          printf qq(<text x="%.1f" y="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>%s</text>\n),
            $left + $column * $wide, $y, $length * $wide, ($class eq "" ? "" : qq( class="$class")), $words;
        }
        $column += $length;
      }
    }
    put("\$ ambq show support-call", "b", 0, $top - 18);
    my $y = $top;
    for my $line (@lines) {
      chomp $line;
      my ($column, $class) = (0, "");
      $y += $high;
      for my $part (split /(\e\[[0-9;]*m)/, $line) {
        if ($part =~ /^\e\[([0-9;]*)m$/) {
          $class = join " ", grep { defined } map { $names{$_} } split /;/, $1;
        } else {
          put($part, $class, $column, $y);
          $column += length $part;
        }
      }
    }
    print "</svg>\n";' >"$work/show.svg"
mv "$work/show.svg" "$here/docs/show.svg"
chmod 644 "$here/docs/show.svg"
