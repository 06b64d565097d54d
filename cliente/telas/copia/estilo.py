"""O estilo da página copiada, com as cores das paletas do programa."""

from __future__ import annotations

from interface.paletas import PALETAS

_USADAS = ("fundo", "superficie", "borda", "texto", "apagado", "destaque_texto", "destaque_suave", "privado",
           "privado_suave", "mencao", "codigo", "aviso", "aviso_suave", "lateral", "sobre_destaque", "destaque")

_REGRAS = """* { box-sizing: border-box; }
body { margin: 0; background: var(--fundo); color: var(--texto); font: 15px/1.5 "Segoe UI Variable Text", "Segoe UI",
  -apple-system, Inter, "Noto Sans", Ubuntu, Cantarell, "Open Sans", sans-serif; }
header, main, footer { max-width: 860px; margin: 0 auto; }
header { display: flex; gap: 16px; align-items: center; padding: 32px 28px 20px; }
.marca { flex: none; width: 52px; height: 52px; border-radius: 14px; display: grid; place-items: center;
  background: var(--destaque); color: var(--sobre_destaque); font-size: 24px; font-weight: 700; }
h1 { margin: 0; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
header p { margin: 2px 0 0; color: var(--apagado); font-size: 13px; overflow-wrap: anywhere; }
main { background: var(--superficie); border: 1px solid var(--borda); border-radius: 14px; padding: 8px 0 20px;
  overflow: hidden; }
h2 { display: flex; align-items: center; gap: 14px; margin: 22px 28px 10px; color: var(--apagado); font-size: 12.5px;
  font-weight: 600; }
h2::before, h2::after { content: ""; flex: 1; border-top: 1px solid var(--borda); }
article { padding: 2px 28px 2px 82px; position: relative; }
.fala { padding-top: 9px; }
.avatar { position: absolute; left: 28px; top: 12px; width: 38px; height: 38px; border-radius: 50%; display: grid;
  place-items: center; color: #fff; font-size: 14px; font-weight: 600; letter-spacing: .3px; }
.cabeca { display: flex; gap: 8px; align-items: baseline; flex-wrap: wrap; }
.cabeca b { font-weight: 600; }
.texto { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
time { color: var(--apagado); font-size: 12px; font-variant-numeric: tabular-nums; white-space: nowrap; }
h2 time { font-size: inherit; }
.continua > time { position: absolute; left: 28px; width: 38px; text-align: center; line-height: 22px; opacity: 0;
  font-size: 11px; }
.continua:hover > time { opacity: 1; }
.chama { background: var(--mencao); }
.chama.continua { padding-top: 4px; padding-bottom: 4px; }
.selo { color: var(--apagado); font-size: 11px; }
.selo.privado { margin-left: 10px; padding: 3px 9px; border-radius: 20px; background: var(--privado_suave);
  color: var(--privado); font-size: 11px; font-weight: 600; vertical-align: middle; text-transform: uppercase;
  letter-spacing: .4px; }
.aviso { margin: 8px 28px; text-align: center; color: var(--apagado); font-size: 13px; overflow-wrap: anywhere; }
.geral { padding: 9px 14px; border-radius: 10px; background: var(--aviso_suave); color: var(--aviso);
  text-align: left; white-space: pre-wrap; }
a { color: var(--destaque_texto); }
code { padding: 1px 5px; border-radius: 5px; background: var(--codigo); font: .92em "Cascadia Mono", Consolas, Menlo,
  "DejaVu Sans Mono", monospace; }
footer { padding: 16px 28px 40px; color: var(--apagado); font-size: 12.5px; text-align: center; }
@media (max-width: 560px) { main { border-radius: 0; border-width: 1px 0; } article { padding-left: 66px; }
  .avatar, .continua > time { left: 16px; } header { padding: 20px 16px 14px; } }
@media print { body { background: none; } main { border: 0; } article { break-inside: avoid; } }
"""


def _declarar(paleta: str) -> str:
    return " ".join(f"--{nome}: {PALETAS[paleta][nome]};" for nome in _USADAS)


ESTILO = (f":root {{ {_declarar('claro')} }}\n"
          f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_declarar('escuro')} }} }}\n{_REGRAS}")
