// pch_test.hpp - what the tests of pure units include, compiled once for each test program.
#pragma once

#include <doctest/doctest.h>

#include "pch_pure.hpp"
