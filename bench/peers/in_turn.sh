#!/usr/bin/env bash
# Times our steps and PyTorch's in turn, A B A B, on the same machine, and prints the ratios of the medians.
# usage: in_turn.sh PYTHON [TURNS] [ROUNDS]
#   PYTHON   an interpreter that has torch
set -euo pipefail
python=${1:?in_turn.sh: name a Python interpreter that has torch} turns=${2:-2} rounds=${3:-7}
peers=$(dirname "$0")
jar="$peers/../target/benchmarks.jar"
[ -f "$jar" ] || { echo "in_turn.sh: $jar is missing; run mvn -B -ntp package first" >&2; exit 2; }
"$python" -c "import torch" 2>/dev/null || { echo "in_turn.sh: $python has no torch; pip install torch" >&2; exit 2; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for ((turn = 0; turn < turns; turn++)); do
  java -cp "$jar" io.eider.bench.step.StepTimes "$rounds" | sed 's/^/eider   /' | tee -a "$log"
  "$python" "$peers/pytorch_steps.py" "$rounds" | sed 's/^/pytorch /' | tee -a "$log"
done
awk '
  { for (i = 1; i <= NF; i++) if ($i == "median") { key = $1; for (k = 2; $k != "min"; k++) key = key " " $k; n[key]++; sum[key] += $(i + 1) } }
  function mean(key) { return sum[key] / n[key] }
  END {
    printf "plain:   eider / pytorch f32          %.2f\n", mean("eider plain f32") / mean("pytorch plain f32")
    printf "stage 2: eider / authors (pytorch)    %.2f\n", mean("eider stage 2") / mean("pytorch stage 2 authors")
    printf "stage 2: eider / torch.func.jvp       %.2f\n", mean("eider stage 2") / mean("pytorch stage 2 jvp")
    printf "stage 2 / plain, eider                %.2f\n", mean("eider stage 2") / mean("eider plain f32")
  }' "$log"
