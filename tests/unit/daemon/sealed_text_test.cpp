#include "daemon/sealed_text.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

TEST_CASE("a sealed text can be read by many and changed by nobody") {
  const auto text = std::string("vrrp_instance A {\n}\n") + std::string(100'000, '!');
  const auto memory = seal_text(text);
  REQUIRE(memory);
  for (int i = 0; i < 3; ++i) {
    const FileDescriptor copy(::fcntl(memory->number(), F_DUPFD_CLOEXEC, 0));
    const auto read = read_sealed_text(copy);
    REQUIRE(read);
    CHECK(*read == text);
  }
  CHECK(::pwrite(memory->number(), "x", 1, 0) < 0);
  CHECK(::ftruncate(memory->number(), 0) < 0);
  CHECK(::ftruncate(memory->number(), 1'000'000) < 0);
}

TEST_CASE("the empty text") {
  const auto memory = seal_text("");
  REQUIRE(memory);
  const auto read = read_sealed_text(*memory);
  REQUIRE(read);
  CHECK(read->empty());
}

TEST_CASE("what is not sealed, no memory, or too long is refused") {
  const FileDescriptor open_memory(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  REQUIRE(::write(open_memory.number(), "x", 1) == 1);
  CHECK_FALSE(read_sealed_text(open_memory));
  REQUIRE(::fcntl(open_memory.number(), F_ADD_SEALS, F_SEAL_WRITE) == 0);
  CHECK_FALSE(read_sealed_text(open_memory));  // it could still be cut while it is read

  const FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK_FALSE(read_sealed_text(file));
  CHECK_FALSE(read_sealed_text(FileDescriptor()));

  const FileDescriptor large(::memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  REQUIRE(::ftruncate(large.number(), static_cast<off_t>(kMaxConfiguration) + 1) == 0);
  REQUIRE(::fcntl(large.number(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0);
  const auto read = read_sealed_text(large);
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "the configuration is too long");
}

TEST_CASE("a sealed text is compared octet by octet") {
  const auto memory = seal_text("a text");
  REQUIRE(memory);
  CHECK(holds_text(*memory, "a text"));
  CHECK_FALSE(holds_text(*memory, "a texT"));
  CHECK_FALSE(holds_text(*memory, "a text "));
  CHECK_FALSE(holds_text(*memory, ""));
  CHECK_FALSE(holds_text(FileDescriptor(), ""));
  const auto nothing = seal_text("");
  REQUIRE(nothing);
  CHECK(holds_text(*nothing, ""));
}
