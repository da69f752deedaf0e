#!/usr/bin/env bash
# Stands in for a Python interpreter that has torch: called with SCRIPT ROW FOLDER THREADS DEVICE it is the peer ROW. Beside
# it lie ROW.greeting, what it says first, and ROW.losses, one line a step.
here=$(dirname "$0") row=$2
echo $$ >> "$here/$row.pid"
[ "$5" = cpu ] || echo "about computes on $5"
cat "$here/$row.greeting"
mapfile -t losses < "$here/$row.losses"
step=0
while read -r request; do
  case $request in
    reset) step=0; echo ok ;;
    run)
      [ "${losses[step]}" = crash ] && { echo "out of ideas" >&2; exit 3; }
      echo "ran 10 ${losses[step]}"
      step=$((step + 1))
      ;;
  esac
done
