# Changes the label of one interval of a TextGrid from one word to another and saves the file as Praat does, in the short form.
form Change
    sentence path
    sentence old
    sentence new
endform
Read from file: path$
tiers = Get number of tiers
changed = 0
for tier to tiers
    intervals = Get number of intervals: tier
    for interval to intervals
        label$ = Get label of interval: tier, interval
        name$ = Get tier name: tier
        if label$ = old$ and endsWith (name$, "- emotion") and changed = 0
            Set interval text: tier, interval, new$
            changed = 1
        endif
    endfor
endfor
Save as short text file: path$
