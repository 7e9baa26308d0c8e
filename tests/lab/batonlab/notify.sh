#!/bin/sh
# Notes each call of a notify script: the file to write into, then whatever the daemon passed on.
file=$1
shift
echo "$(date +%s.%N) $*" >> "$file"
