#!/bin/sh
# Runs the program named in GUARDED, as the leader of a group of processes, and ends the whole group when the program ends
# or when standard input does: a test that is killed without a word leaves no browser behind either.
exec 3<&0
{ cat <&3 >/dev/null; kill -KILL -$$; } &
"$GUARDED" "$@" 3<&- </dev/null
kill -KILL -$$
