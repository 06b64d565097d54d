"""As preferências de uma janela, num arquivo JSON da pasta de configuração. Sem tkinter."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Mapping, TypeVar

from interface.registro import registro_de
from interface.troca import trocar_arquivo

_log = registro_de(__name__)
_V = TypeVar("_V", bool, int, float, str)

NOME_DA_PASTA = "ChatMultissala"
NOME_DA_PASTA_XDG = "chat-multissala"
TAMANHO_MAX_BYTES = 1_048_576


def _pasta_do_ambiente(variavel: str, padrao: Path) -> Path:
    valor = os.environ.get(variavel, "")
    # A especificação XDG manda ignorar caminhos relativos.
    return Path(valor) if valor and Path(valor).is_absolute() else padrao


def variavel_da_configuracao() -> str:
    """A variável de ambiente que diz onde ficam as preferências nesta plataforma."""
    return {"win32": "APPDATA", "darwin": "HOME"}.get(sys.platform, "XDG_CONFIG_HOME")


def pasta_de_configuracao() -> Path:
    """A pasta das preferências nesta plataforma; pode ainda não existir."""
    casa = Path.home()
    if sys.platform == "win32":
        return _pasta_do_ambiente("APPDATA", casa / "AppData" / "Roaming") / NOME_DA_PASTA
    if sys.platform == "darwin":
        return casa / "Library" / "Application Support" / NOME_DA_PASTA
    return _pasta_do_ambiente("XDG_CONFIG_HOME", casa / ".config") / NOME_DA_PASTA_XDG


def pasta_de_dados() -> Path:
    """A pasta dos dados do programa nesta plataforma; pode ainda não existir."""
    if sys.platform in ("win32", "darwin"):
        return pasta_de_configuracao()
    padrao = Path.home() / ".local" / "share"
    return _pasta_do_ambiente("XDG_DATA_HOME", padrao) / NOME_DA_PASTA_XDG


class Preferencias:
    """Um punhado de valores que sobrevivem entre uma execução e outra.

    `avisos` traz frases em português para mostrar: arquivo danificado posto de lado, por
    exemplo. Nada aqui levanta por causa do disco: sem poder gravar, as preferências valem
    só enquanto o programa viver, e há um aviso.

    Usa-se da thread da janela.
    """

    def __init__(
        self, arquivo: str, padroes: Mapping[str, Any] | None = None, pasta: Path | None = None
    ) -> None:
        """`arquivo` é o nome, como `cliente.json`; `padroes` vale para o que faltar."""
        self.caminho = (pasta if pasta is not None else pasta_de_configuracao()) / arquivo
        self.avisos: list[str] = []
        self._padroes = dict(padroes or {})
        self._valores: dict[str, Any] = {}
        self._tem_aviso_de_gravacao = False
        self._ler()

    def pegar(self, chave: str, padrao: _V) -> _V:
        """O valor guardado, se for do mesmo tipo de `padrao`; senão, `padrao`.

        Um inteiro serve onde se espera fração; `True` não serve onde se espera inteiro.
        """
        valor = self._valores.get(chave, self._padroes.get(chave, padrao))
        if type(padrao) is float and type(valor) is int:
            return float(valor)  # type: ignore[return-value]
        return valor if type(valor) is type(padrao) else padrao

    def pegar_lista(self, chave: str) -> list[Any]:
        """Uma cópia da lista guardada, ou uma lista vazia."""
        valor = self._valores.get(chave, self._padroes.get(chave))
        return list(valor) if isinstance(valor, list) else []

    def definir(self, **valores: Any) -> None:
        """Troca os valores dados e grava já, se algo mudou. Só aceita o que cabe em JSON."""
        mudou = any(self._valores.get(c, self) != v for c, v in valores.items())
        self._valores.update(valores)
        if mudou:
            self.gravar()

    def gravar(self) -> bool:
        """Grava tudo de uma vez (arquivo temporário e troca), legível só pelo dono."""
        try:
            trocar_arquivo(self.caminho, json.dumps(self._valores, ensure_ascii=False, indent=1, sort_keys=True))
        except OSError as erro:
            _log.warning("preferências não gravadas em %s: %s", self.caminho, erro)
            if not self._tem_aviso_de_gravacao:
                self._tem_aviso_de_gravacao = True
                self.avisos.append("Não foi possível gravar as preferências neste computador.")
            return False
        return True

    def _ler(self) -> None:
        try:
            with open(self.caminho, "rb") as entrada:
                bruto = entrada.read(TAMANHO_MAX_BYTES + 1)
        except FileNotFoundError:
            return
        except OSError as erro:
            _log.warning("preferências não lidas de %s: %s", self.caminho, erro)
            self.avisos.append("Não foi possível ler as preferências; usando as de fábrica.")
            return
        try:
            self._valores = _decodificar(bruto)
        except (ValueError, RecursionError) as erro:
            self._por_de_lado(erro)

    def _por_de_lado(self, erro: Exception) -> None:
        destino = self.caminho.with_name(self.caminho.name + ".danificado")
        _log.warning("preferências danificadas em %s: %s", self.caminho, erro)
        try:
            os.replace(self.caminho, destino)
        except OSError:
            _log.warning("não foi possível pôr de lado %s", self.caminho, exc_info=True)
        self.avisos.append(
            "As preferências estavam danificadas e voltaram ao padrão. "
            f"O arquivo antigo ficou em {destino}."
        )


def _decodificar(bruto: bytes) -> dict[str, Any]:
    """O objeto JSON de `bruto`. Levanta ValueError se não for um objeto legível."""
    if len(bruto) > TAMANHO_MAX_BYTES:
        raise ValueError("arquivo grande demais")
    valores = json.loads(bruto.decode("utf-8"))
    if not isinstance(valores, dict):
        raise ValueError("não é um objeto")
    return valores
