// pch_test_io.hpp - what the tests of coroutines include, compiled once for each test program.
#pragma once

#include <doctest/doctest.h>

#include "pch_io.hpp"
