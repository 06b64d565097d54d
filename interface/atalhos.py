"""O atalho do programa onde cada sistema o procura. Sem tkinter.

Linux: um `.desktop` no menu de aplicativos. Windows: um `.lnk` na área de trabalho. macOS: um
`.app` mínimo em `~/Applications`.
"""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from interface.gerar_icone import montar_icns

RAIZ_DO_PROJETO = Path(__file__).resolve().parent.parent
ICONE = RAIZ_DO_PROJETO / "images" / "icone.png"
ICONE_DO_WINDOWS = ICONE.with_suffix(".ico")
TEMPO_LIMITE_DO_POWERSHELL_S = 30


class ErroDeAtalho(Exception):
    """O atalho não pôde ser criado; a mensagem, em português, é para mostrar."""


@dataclass(frozen=True, slots=True)
class _Programa:
    titulo: str
    descricao: str
    modulo: str
    classe: str


_PROGRAMAS = {
    "servidor": _Programa("Servidor — Chat Multissala", "Abre salas de conversa para a turma", "servidor",
                          "Multissala-servidor"),
    "cliente": _Programa("Chat Multissala", "Conversa em várias salas", "cliente", "Multissala-cliente"),
}
CLASSES = {nome: programa.classe for nome, programa in _PROGRAMAS.items()}
"""Programa → a classe a dar à janela (`JanelaBase(classe=…)`), para o sistema ligá-la ao atalho."""


def criar_atalho(programa: str) -> Path:
    """Cria o atalho de `"servidor"` ou `"cliente"` e devolve onde ficou. Levanta ErroDeAtalho."""
    if programa not in _PROGRAMAS:
        raise ErroDeAtalho(f"Não existe o programa “{programa}”: use servidor ou cliente.")
    criar = _POR_PLATAFORMA.get(sys.platform, _criar_desktop)
    try:
        return criar(_PROGRAMAS[programa])
    except (OSError, subprocess.SubprocessError) as erro:
        motivo = erro.strerror if isinstance(erro, OSError) and erro.strerror else str(erro)
        raise ErroDeAtalho(f"Não foi possível criar o atalho: {motivo}.") from erro


def criar_pelo_terminal(programa: str) -> int:
    """O mesmo, dizendo onde ficou ou por que não; devolve o código de saída."""
    try:
        print(f"Atalho criado em {criar_atalho(programa)}.")
    except ErroDeAtalho as erro:
        print(erro, file=sys.stderr)
        return 1
    return 0


# -- Linux e outros com menus XDG -------------------------------------------------------


def _pasta_de_aplicativos() -> Path:
    dados = os.environ.get("XDG_DATA_HOME", "")
    base = Path(dados) if dados and Path(dados).is_absolute() else Path.home() / ".local" / "share"
    return base / "applications"


def _citar_no_desktop(argumento: str) -> str:
    """Um argumento da chave Exec: entre aspas, com os escapes da especificação; % é dobrado."""
    escapado = argumento.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    # A chave inteira é lida como texto antes de virar argumentos: as barras dobram outra vez.
    return '"' + escapado.replace("\\", "\\\\").replace("%", "%%") + '"'


def _criar_desktop(programa: _Programa) -> Path:
    caminho = _pasta_de_aplicativos() / f"{programa.classe.lower()}.desktop"
    # Sem a pasta de trabalho o Python não acharia o módulo; o lançador .pyw acha sozinho.
    comando = [sys.executable, str(RAIZ_DO_PROJETO / f"{programa.modulo}.pyw")]
    linhas = [
        "[Desktop Entry]", "Type=Application", "Version=1.0", f"Name={programa.titulo}",
        f"Comment={programa.descricao}", "Exec=" + " ".join(_citar_no_desktop(c) for c in comando),
        f"Path={_texto_do_desktop(str(RAIZ_DO_PROJETO))}", f"Icon={_texto_do_desktop(str(ICONE))}",
        "Terminal=false", "Categories=Network;Chat;Education;", f"StartupWMClass={programa.classe}"]
    caminho.parent.mkdir(parents=True, exist_ok=True)
    caminho.write_text("\n".join(linhas) + "\n", encoding="utf-8")
    # Alguns ambientes só confiam num atalho executável.
    caminho.chmod(0o755)
    return caminho


def _texto_do_desktop(texto: str) -> str:
    return texto.replace("\\", "\\\\").replace("\n", "\\n")


# -- Windows ---------------------------------------------------------------------------------


def _citar_no_powershell(texto: str) -> str:
    return "'" + texto.replace("'", "''") + "'"


def _criar_lnk(programa: _Programa) -> Path:
    """Pede o atalho ao próprio Windows, por COM."""
    # pythonw não abre um console junto com a janela.
    pythonw = Path(sys.executable).with_name("pythonw.exe")
    executavel = pythonw if pythonw.exists() else Path(sys.executable)
    nome = programa.titulo.replace("—", "-") + ".lnk"
    lancador = RAIZ_DO_PROJETO / f"{programa.modulo}.pyw"
    script = "; ".join((
        "$ErrorActionPreference = 'Stop'",
        "[Console]::OutputEncoding = [Text.Encoding]::UTF8",
        "$s = New-Object -ComObject WScript.Shell",
        f"$c = Join-Path $s.SpecialFolders.Item('Desktop') {_citar_no_powershell(nome)}",
        "$a = $s.CreateShortcut($c)",
        f"$a.TargetPath = {_citar_no_powershell(str(executavel))}",
        f"$a.Arguments = {_citar_no_powershell(chr(34) + str(lancador) + chr(34))}",
        f"$a.WorkingDirectory = {_citar_no_powershell(str(RAIZ_DO_PROJETO))}",
        f"$a.IconLocation = {_citar_no_powershell(str(ICONE_DO_WINDOWS) + ',0')}",
        f"$a.Description = {_citar_no_powershell(programa.descricao)}",
        "$a.Save()", "Write-Output $c"))
    fim = subprocess.run(
        ["powershell", "-NoProfile", "-NonInteractive", "-Command", script], capture_output=True,
        timeout=TEMPO_LIMITE_DO_POWERSHELL_S, check=False)
    if fim.returncode != 0:
        raise OSError(0, "o Windows recusou o pedido")
    return Path(fim.stdout.decode("utf-8", "replace").strip())


# -- macOS -----------------------------------------------------------------------------------


def _criar_app(programa: _Programa) -> Path:
    """Um .app mínimo: uma pasta com um script e uma descrição, sem abrir o Terminal."""
    pacote = Path.home() / "Applications" / f"{programa.titulo}.app"
    executaveis = pacote / "Contents" / "MacOS"
    executaveis.mkdir(parents=True, exist_ok=True)
    script = executaveis / "abrir"
    comando = " ".join(shlex.quote(p) for p in (sys.executable, str(RAIZ_DO_PROJETO / f"{programa.modulo}.pyw")))
    script.write_text(f"#!/bin/sh\ncd {shlex.quote(str(RAIZ_DO_PROJETO))} || exit 1\nexec {comando}\n",
                      encoding="utf-8")
    script.chmod(0o755)
    recursos = pacote / "Contents" / "Resources"
    recursos.mkdir(exist_ok=True)
    (recursos / "icone.icns").write_bytes(montar_icns(ICONE.read_bytes()))
    with open(pacote / "Contents" / "Info.plist", "wb") as descricao:
        plistlib.dump({
            "CFBundleExecutable": "abrir", "CFBundleName": programa.titulo, "CFBundlePackageType": "APPL",
            "CFBundleIdentifier": f"br.multissala.{programa.modulo}", "CFBundleShortVersionString": "1.0",
            "CFBundleIconFile": "icone", "NSHighResolutionCapable": True}, descricao)
    return pacote


_POR_PLATAFORMA: dict[str, Callable[[_Programa], Path]] = {"win32": _criar_lnk, "darwin": _criar_app}
