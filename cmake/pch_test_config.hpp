// pch_test_config.hpp - what the tests of the configuration include, compiled once.
#pragma once

#include "config/parse.hpp"
#include "pch_test.hpp"
