#ifndef LEAVEN_CCURL_H
#define LEAVEN_CCURL_H

#include <curl/curl.h>

#endif
