#pragma once
#include <stddef.h>
#include <string.h>

#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>

// The name an event is about, or NULL: a flexible array member, which Swift does not import. The kernel pads it with
// zero bytes; its length is that of the C string.
static inline const char *_Nullable cinotify_event_name(const struct inotify_event *_Nonnull event) {
  return event->len > 0 ? event->name : NULL;
}
