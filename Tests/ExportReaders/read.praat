# Prints every interval of a TextGrid: tier, start, end and label, with tabs between.
form Read
    sentence path
endform
Read from file: path$
tiers = Get number of tiers
for tier to tiers
    name$ = Get tier name: tier
    intervals = Get number of intervals: tier
    for interval to intervals
        start = Get start time of interval: tier, interval
        end = Get end time of interval: tier, interval
        label$ = Get label of interval: tier, interval
        appendInfoLine: name$, tab$, start, tab$, end, tab$, label$
    endfor
endfor
