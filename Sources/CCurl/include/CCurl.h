#ifndef LEAVEN_CCURL_H
#define LEAVEN_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

/// `curl_easy_setopt` and `curl_easy_getinfo` are variadic, which Swift cannot call; these are the same
/// calls, one for each type of argument.

CURLcode leaven_curl_set_long(void *handle, CURLoption option, long value);
CURLcode leaven_curl_set_offset(void *handle, CURLoption option, int64_t value);
CURLcode leaven_curl_set_text(void *handle, CURLoption option, const char *value);
CURLcode leaven_curl_set_list(void *handle, CURLoption option, struct curl_slist *value);

/// Takes or gives `size * count` bytes at `bytes`; returns how many were taken or given.
typedef size_t (*leaven_curl_transfer)(char *bytes, size_t size, size_t count, void *context);

CURLcode leaven_curl_on_body(void *handle, leaven_curl_transfer callback, void *context);
CURLcode leaven_curl_on_header(void *handle, leaven_curl_transfer callback, void *context);
CURLcode leaven_curl_on_read(void *handle, leaven_curl_transfer callback, void *context);

/// Called about once a second and at each progress; another result than 0 ends the transfer.
typedef int (*leaven_curl_check)(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                                 curl_off_t up);

CURLcode leaven_curl_on_progress(void *handle, leaven_curl_check callback, void *context);

/// Where libcurl writes its own words on an error: `CURL_ERROR_SIZE` bytes that outlive the transfer.
CURLcode leaven_curl_set_error_buffer(void *handle, char *buffer);

long leaven_curl_info_long(void *handle, CURLINFO info);
int64_t leaven_curl_info_offset(void *handle, CURLINFO info);

/// `curl_easy_perform` with SIGPIPE kept from the process: `CURLOPT_NOSIGNAL`, which threads need, makes
/// libcurl leave that to its caller.
CURLcode leaven_curl_perform(void *handle);

/// `curl_multi_setopt` is variadic, too.
CURLMcode leaven_curl_multi_set_long(void *multi, CURLMoption option, long value);

/// Keeps SIGPIPE from a thread that does nothing but transfers, for as long as it lives.
void leaven_curl_thread_without_sigpipe(void);

#endif
