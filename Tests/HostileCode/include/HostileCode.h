// What a file might have a parser do that it has taken over: attempts to get out of the reader's sandbox.
#pragma once

// Opens what some attempts need before the sandbox is entered.
void hostile_prepare(void);

// Tries one way out by its name. Returns 0 where it fails, 1 where it works, 2 for a name that is none.
int hostile_attempt(const char *_Nonnull name, const char *_Nonnull folder);

// The names, one after the other; NULL after the last.
const char *_Nullable hostile_name(int number);
