// openssl_library.hpp - OpenSSL 3, opened when the first check with TLS is set up.
#pragma once

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace baton::net {

// What is used of it, by its own names.
#define BATON_OPENSSL(NAME)                    \
  NAME(ASN1_TIME_to_tm)                        \
  NAME(BIO_clear_flags)                        \
  NAME(BIO_free)                               \
  NAME(BIO_get_data)                           \
  NAME(BIO_get_new_index)                      \
  NAME(BIO_meth_new)                           \
  NAME(BIO_meth_set_ctrl)                      \
  NAME(BIO_meth_set_read)                      \
  NAME(BIO_meth_set_write)                     \
  NAME(BIO_new)                                \
  NAME(BIO_set_data)                           \
  NAME(BIO_set_flags)                          \
  NAME(BIO_set_init)                           \
  NAME(CRYPTO_get_ex_new_index)                \
  NAME(ERR_clear_error)                        \
  NAME(ERR_peek_last_error)                    \
  NAME(ERR_reason_error_string)                \
  NAME(SSL_CTX_check_private_key)              \
  NAME(SSL_CTX_ctrl)                           \
  NAME(SSL_CTX_free)                           \
  NAME(SSL_CTX_load_verify_file)               \
  NAME(SSL_CTX_new)                            \
  NAME(SSL_CTX_sess_set_new_cb)                \
  NAME(SSL_CTX_set_default_passwd_cb)          \
  NAME(SSL_CTX_set_default_passwd_cb_userdata) \
  NAME(SSL_CTX_set_default_verify_paths)       \
  NAME(SSL_CTX_set_options)                    \
  NAME(SSL_CTX_set_quiet_shutdown)             \
  NAME(SSL_CTX_set_verify)                     \
  NAME(SSL_CTX_use_PrivateKey_file)            \
  NAME(SSL_CTX_use_certificate_chain_file)     \
  NAME(SSL_SESSION_free)                       \
  NAME(SSL_SESSION_is_resumable)               \
  NAME(SSL_ctrl)                               \
  NAME(SSL_do_handshake)                       \
  NAME(SSL_free)                               \
  NAME(SSL_get0_param)                         \
  NAME(SSL_get0_peer_certificate)              \
  NAME(SSL_get_error)                          \
  NAME(SSL_get_ex_data)                        \
  NAME(SSL_get_verify_mode)                    \
  NAME(SSL_get_verify_result)                  \
  NAME(SSL_new)                                \
  NAME(SSL_read_ex)                            \
  NAME(SSL_session_reused)                     \
  NAME(SSL_set1_host)                          \
  NAME(SSL_set_bio)                            \
  NAME(SSL_set_connect_state)                  \
  NAME(SSL_set_ex_data)                        \
  NAME(SSL_set_quiet_shutdown)                 \
  NAME(SSL_set_session)                        \
  NAME(SSL_shutdown)                           \
  NAME(SSL_write_ex)                           \
  NAME(TLS_client_method)                      \
  NAME(X509_VERIFY_PARAM_set1_ip_asc)          \
  NAME(X509_get0_notAfter)                     \
  NAME(X509_verify_cert_error_string)

/// Linked, it would cost each process 2 MB, of which half a megabyte is its own.
struct OpensslLibrary {
#define BATON_OPENSSL_MEMBER(name) decltype(&::name) name;
  BATON_OPENSSL(BATON_OPENSSL_MEMBER)
#undef BATON_OPENSSL_MEMBER
};

/// Null where libssl.so.3 is not installed.  Opened once for good.
const OpensslLibrary* openssl_library();

/// The same for those who hold an object of it, which shows that it is there.
inline const OpensslLibrary& openssl() {
  return *openssl_library();
}

}  // namespace baton::net
