#!/bin/sh
# Prints build/registry.c: the tables of workloads, models and subcommands, made from the names of the files.
# A model's place in tables and legends is the `order` list below; files not in it follow by name.
set -eu
cd "$(dirname "$0")/.."

names() { # folder prefix: names of the files that define one, sorted
    for file in "$1"/"$2"*.c; do
        [ -e "$file" ] || continue
        base=${file##*/}
        base=${base#"$2"}
        echo "${base%.c}"
    done | LC_ALL=C sort
}
is_model() { grep -q "^const struct model model_$1 " "src/model/$1.c" 2>/dev/null; }

order="seq gil threads fork uv uv_pool"
models=""
for name in $order; do if is_model "$name"; then models="$models $name"; fi; done
for name in $(names src/model ""); do
    case " $order " in *" $name "*) continue ;; esac
    if is_model "$name"; then models="$models $name"; fi
done

echo '/* Made by scripts/registry.sh from the names of the files; changes here are lost. */'
echo '#include <gilbench/registry.h>'
echo '#include "cli/command.h"'
echo
for name in $(names bench ""); do echo "extern const struct workload workload_$name;"; done
echo 'const struct workload *const all_workloads[] = {'
for name in $(names bench ""); do echo "	&workload_$name,"; done
echo '	NULL,'
echo '};'
echo 'const char *const all_workload_files[] = {'
for name in $(names bench ""); do echo "	\"$name\","; done
echo '	NULL,'
echo '};'
for name in $models; do echo "extern const struct model model_$name;"; done
echo 'const struct model *const all_models[] = {'
for name in $models; do echo "	&model_$name,"; done
echo '	NULL,'
echo '};'
for name in $(names src/cli cmd_); do echo "extern const struct command command_$name;"; done
echo 'const struct command *const all_commands[] = {'
for name in $(names src/cli cmd_); do echo "	&command_$name,"; done
echo '	NULL,'
echo '};'
