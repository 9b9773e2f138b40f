#pragma once

// libhdf5 for Swift: its constants are macros around globals, which Swift cannot import; here they are functions.

#include <hdf5.h>
#include <stdlib.h>
#include <string.h>

// Datatypes. Memory types are this machine's own; the others name a layout in the file.
static inline hid_t hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t hdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t hdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }
static inline hid_t hdf5_little_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t hdf5_big_float32(void) { return H5T_IEEE_F32BE; }
static inline hid_t hdf5_little_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t hdf5_big_float64(void) { return H5T_IEEE_F64BE; }
static inline hid_t hdf5_little_int32(void) { return H5T_STD_I32LE; }
static inline hid_t hdf5_little_int64(void) { return H5T_STD_I64LE; }
static inline hid_t hdf5_c_string(void) { return H5T_C_S1; }
static inline size_t hdf5_variable_length(void) { return H5T_VARIABLE; }

// IEEE half precision, which the library describes but does not name. The caller closes it.
static inline hid_t hdf5_half(hid_t single) {
  hid_t half = H5Tcopy(single);
  if (half < 0) return half;
  if (H5Tset_fields(half, 15, 10, 5, 0, 10) < 0 || H5Tset_size(half, 2) < 0 || H5Tset_ebias(half, 15) < 0) {
    H5Tclose(half);
    return H5I_INVALID_HID;
  }
  return half;
}

// Property list classes and flags.
static inline hid_t hdf5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t hdf5_file_creation_class(void) { return H5P_FILE_CREATE; }
static inline hid_t hdf5_dataset_creation_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t hdf5_dataset_transfer_class(void) { return H5P_DATASET_XFER; }
static inline hid_t hdf5_link_access_class(void) { return H5P_LINK_ACCESS; }
static inline unsigned hdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned hdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t hdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t hdf5_everything(void) { return H5S_ALL; }

// Turns off the library's printing to standard error for this thread, and its loading of filter plug-ins.
static inline void hdf5_silence(void) {
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
}

// The innermost entry of the error stack: the cause, before every caller added its own line.
static inline herr_t hdf5_take_first(unsigned depth, const H5E_error2_t *entry, void *text) {
  if (depth == 0 && entry->desc != NULL) {
    strncpy((char *)text, entry->desc, 255);
    ((char *)text)[255] = 0;
  }
  return 0;
}

// Writes the cause of the last failure into `text`, which holds 256 bytes; leaves an empty string where none is known.
static inline void hdf5_last_cause(char *text) {
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, hdf5_take_first, text);
  H5Eclear2(H5E_DEFAULT);
}

// A read-only file image in memory that the library borrows: every "copy" it asks for is the caller's own buffer.
static inline void *hdf5_image_lend(size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)size, (void)operation;
  return image;
}
static inline void *hdf5_image_copy(
    void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)operation, (void)image;
  return to == from ? to : memcpy(to, from, size);
}
static inline void *hdf5_image_grow(void *buffer, size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)buffer, (void)size, (void)operation, (void)image;
  return NULL;
}
static inline herr_t hdf5_image_keep(void *buffer, H5FD_file_image_op_t operation, void *image) {
  (void)buffer, (void)operation, (void)image;
  return 0;
}
static inline void *hdf5_image_share(void *image) { return image; }
static inline herr_t hdf5_image_release(void *image) {
  (void)image;
  return 0;
}

// Opens `size` bytes at `image` as an HDF5 file, read-only and without copying; they must outlive the file.
// The library takes two open files in memory for one and the same when their names are equal.
static inline hid_t hdf5_open_image(const char *name, const void *image, size_t size) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return access;
  H5FD_file_image_callbacks_t callbacks = {
      hdf5_image_lend,  hdf5_image_copy,    hdf5_image_grow,
      hdf5_image_keep,  hdf5_image_share,   hdf5_image_release,
      (void *)image};
  hid_t file = H5I_INVALID_HID;
  if (H5Pset_fapl_core(access, 1 << 20, 0) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
      H5Pset_file_image(access, (void *)image, size) >= 0)
    file = H5Fopen(name, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  return file;
}

// Memory for variable-length strings: blocks chained together, freed at once, and never more than `remaining` bytes.
// A few bytes of a hostile file can refer to one long string a million times; this is where that ends.
typedef struct {
  void *last;
  size_t remaining;
} hdf5_string_memory;

static inline void *hdf5_string_allocate(size_t size, void *memory) {
  hdf5_string_memory *strings = (hdf5_string_memory *)memory;
  if (size > strings->remaining) return NULL;
  void **block = (void **)malloc(sizeof(void *) + size);
  if (block == NULL) return NULL;
  strings->remaining -= size;
  *block = strings->last;
  strings->last = block;
  return block + 1;
}
static inline void hdf5_string_keep(void *string, void *memory) { (void)string, (void)memory; }
static inline void hdf5_string_free_all(hdf5_string_memory *memory) {
  while (memory->last != NULL) {
    void *block = memory->last;
    memory->last = *(void **)block;
    free(block);
  }
}
static inline herr_t hdf5_set_string_memory(hid_t transfer, hdf5_string_memory *memory) {
  return H5Pset_vlen_mem_manager(transfer, hdf5_string_allocate, memory, hdf5_string_keep, memory);
}

// Refuses every traversal of an external link, also one hidden behind a soft link.
static inline herr_t hdf5_refuse_external(
    const char *parent_file, const char *parent_group, const char *child_file, const char *child_object,
    unsigned *flags, hid_t access, void *data) {
  (void)parent_file, (void)parent_group, (void)child_file, (void)child_object, (void)flags, (void)access, (void)data;
  return -1;
}
static inline herr_t hdf5_forbid_external_links(hid_t link_access) {
  return H5Pset_elink_cb(link_access, hdf5_refuse_external, NULL);
}
