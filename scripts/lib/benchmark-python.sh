# Sourced by scripts that run diffusers: sets cache to the folder of benchmark models, and defines benchmark_python.

cache="${DIFFEDIT_BENCHMARK:-$HOME/.cache/diffedit-benchmark}"

# Sets python to one with diffusers: $DIFFEDIT_PYTHON if that is set, else an environment in the cache folder, made once.
# On Linux the CPU build of torch is tried first: the one on PyPI brings CUDA along.
benchmark_python() {
  python="${DIFFEDIT_PYTHON:-$cache/venv/bin/python}"
  if [ -n "${DIFFEDIT_PYTHON:-}" ]; then
    "$python" -c 'import diffusers, torch' 2>/dev/null || {
      echo "DIFFEDIT_PYTHON is $python, which cannot import diffusers and torch; unset it to have an environment made." >&2
      exit 1
    }
    return
  fi
  local wanted="diffusers==0.42.1 transformers==5.23.0 accelerate safetensors numpy pillow matplotlib"
  if [ "$(cat "$cache/venv/diffedit-packages" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  echo "Setting up Python with diffusers in $cache/venv" >&2
  mkdir -p "$cache"
  rm -rf "$cache/venv"
  python3 -m venv "$cache/venv"
  "$python" -m pip install -q --retries 1 --timeout 15 --index-url https://download.pytorch.org/whl/cpu torch==2.7.1 >&2 || "$python" -m pip install -q torch==2.7.1 >&2
  # shellcheck disable=SC2086
  "$python" -m pip install -q $wanted >&2
  echo "$wanted" > "$cache/venv/diffedit-packages"
}

# Adds the engines that diffusers is compared with to that Python; torch.compile also needs a C++ compiler.
benchmark_peers() {
  local wanted="openvino==2026.4.1"
  if "$python" -c 'import openvino' 2>/dev/null; then
    return
  fi
  if [ -n "${DIFFEDIT_PYTHON:-}" ]; then
    echo "DIFFEDIT_PYTHON is $python, which cannot import openvino; add $wanted to it, or unset it to have an environment made." >&2
    exit 1
  fi
  "$python" -m pip install -q "$wanted" >&2
}
