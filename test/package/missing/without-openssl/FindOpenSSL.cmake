# A machine that has none.
set(OpenSSL_FOUND FALSE)
