#!/usr/bin/env bash
# What an overnight run has to endure, done to one: killed at random moments, its journal damaged, its
# disk full, its work shared by processes that are killed, too. After each, the results must be the
# bytes of a run that nobody touched.
#
#   tests/endure.sh [ROUNDS] [PROGRAM]      50 rounds of each, with target/release/collapse
set -euo pipefail

rounds=${1:-50}
program=$(realpath "${2:-target/release/collapse}")
home=$(mktemp -d)
trap 'cleanup' EXIT
cleanup() {
    mountpoint -q "$home/disk" 2>/dev/null && umount "$home/disk"
    rm -rf "$home"
}
cd "$home"
RANDOM=1

cat > work.toml <<'TOML'
question = "What does a run endure?"
seed = 5
trials = 150
generations = 15
founders = 100
evaluation = 300
metrics = ["spread", "energy", { coverage = { of = "offspring" } }]
[world.moons]
[model.gaussian]
[sweep]
founders = [50, 100, 200]
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
TOML

# Letters learned by a network: lineages that take seconds, and are kept after their generations.
cat > text.toml <<'TOML'
question = "What does a network endure?"
seed = 6
trials = 1
generations = 5
founders = 150
evaluation = 30
metrics = ["perplexity", "founder-perplexity"]
[world.markov]
types = 40
[model.transformer]
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
TOML

collapse() { "$program" "$@" > out.txt 2> err.txt; }
fail() { echo "FAILED: $1"; cat err.txt; exit 1; }
# Everything but the journal, what trials cost, and when and where they ran.
same() {
    diff -r -q -x journal -x costs.csv -x provenance.json "whole/$(basename "$1")" "$1" > difference.txt ||
        { cat difference.txt; fail "$2: other bytes than those of an undisturbed run"; }
}
# A whole number from 0 to $1, exclusive.
below() { echo $(((RANDOM * 32768 + RANDOM) % $1)); }

# Runs $1 undisturbed, and again, killed at random within the first half of its time.
kills() {
    local name=$1 started milliseconds child pause killed=0
    started=$(date +%s%N)
    collapse run "$name.toml" --out whole || fail "an undisturbed run"
    milliseconds=$((($(date +%s%N) - started) / 1000000))
    echo "$name, an undisturbed run: $milliseconds ms"
    for _ in $(seq "$rounds"); do
        [ "$(below 4)" = 0 ] && rm -rf results # begin again now and then
        "$program" run "$name.toml" > /dev/null 2>&1 &
        child=$!
        pause=$(below $((milliseconds / 2 + 1)))
        sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
        kill -9 "$child" 2>/dev/null && killed=$((killed + 1))
        wait "$child" 2>/dev/null || true
        [ -d "results/$name/journal/lineages" ] && kept=$((kept + 1))
    done
    collapse run "$name.toml" || fail "a run after $killed kills"
    same "results/$name" "after $killed kills"
    echo "$name, killed $killed times in $rounds rounds: the same bytes"
}

kept=0
if "$program" explain transformer > /dev/null 2>&1; then
    kills text
    [ "$kept" -gt 0 ] || fail "no lineage was ever kept"
    rm -rf results
fi
kills work

for round in $(seq "$rounds"); do
    files=(results/work/journal/*.bin)
    file=${files[$(below ${#files[@]})]}
    size=$(stat -c %s "$file")
    for _ in $(seq $((round % 5 + 1))); do
        printf "\\x$(printf %02x "$(below 256)")" |
            dd of="$file" bs=1 seek="$(below "$size")" conv=notrunc status=none
    done
    collapse run work.toml || fail "a run with a damaged journal"
    same results/work "after damage $round"
done
echo "damaged $rounds times: the same bytes"

for round in $(seq $((rounds / 10 + 1))); do
    rm -rf shared
    pids=()
    for share in 2/3 3/3 1/3; do
        "$program" run work.toml --out shared --jobs 1 --shard $share > /dev/null 2>&1 &
        pids+=($!)
    done
    sleep "0.$(below 6)"
    kill -9 "${pids[$(below 3)]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
    for share in 1/3 2/3 3/3; do
        collapse run work.toml --out shared --shard $share || fail "share $share"
    done
    collapse collect shared/work || fail "collecting three shares"
    same shared/work "three shares, one of them killed"
done
echo "three shares side by side, one of them killed, $((rounds / 10 + 1)) times: the same bytes"

mkdir disk
if mount -t tmpfs -o size=300k tmpfs disk 2>/dev/null; then
    collapse run work.toml --out disk && fail "a run on a disk of 300 kB"
    grep -q "make room and run again" err.txt || fail "no word of the full disk"
    [ -z "$(find disk -name '*.csv')" ] || fail "a table by half"
    mount -o remount,size=50m disk
    collapse run work.toml --out disk || fail "a run after room was made"
    grep -q "trials are there" err.txt || fail "what had finished is lost"
    same disk/work "after a full disk"
    echo "a full disk: a clear error, and the same bytes after room was made"
else
    echo "a full disk: left out, since no file system can be mounted here"
fi
