"""O que dá errado aparece ao lado do campo, em palavras simples, e o que foi digitado continua lá."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests.apoio.esperas import bombear_ate
from tests.apoio.processos import ProcessoServidor
from tests.apoio.teclado import teclar
from tests.cliente.telas.gestos import esperar_tela, focado


def porta_livre() -> int:
    """Uma porta em que ninguém atende."""
    with socket.socket() as um:
        um.bind(("127.0.0.1", 0))
        return int(um.getsockname()[1])


def test_ninguem_atende_e_tentar_de_novo(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(host="127.0.0.1", porta=porta_livre())
    tela = esperar_tela(janela, "Conectar")
    bombear_ate(janela, lambda: tela.recado.winfo_ismapped())
    assert "Ninguém atende" in tela.recado.texto
    assert tela.host.texto == "127.0.0.1"
    assert tela.porta.entrada.instate(["invalid"]) and focado(janela) is tela.porta.entrada
    tela.porta.texto = str(processo_servidor.porta)
    assert not tela.recado.winfo_manager()
    teclar(janela, "Return")
    esperar_tela(janela, "Nome")


@pytest.mark.parametrize(("host", "porta", "campo"), [("", "12345", "host"), ("a b", "12345", "host"),
                                                     ("127.0.0.1", "0", "porta"), ("127.0.0.1", "99999", "porta"),
                                                     ("127.0.0.1", "doze", "porta"), ("127.0.0.1", "", "porta")])
def test_endereco_e_porta_que_nao_valem(abrir_cliente: Any, host: str, porta: str, campo: str) -> None:
    janela = abrir_cliente()
    tela = esperar_tela(janela, "Conectar")
    tela.preencher(host, porta)
    tela.botao.invoke()
    bombear_ate(janela, lambda: tela.recado.winfo_manager())
    assert getattr(tela, campo).entrada.instate(["invalid"])
    assert (tela.host.texto, tela.porta.texto) == (host, porta)


def test_cancelar_uma_tentativa(abrir_cliente: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mudo:
        janela = abrir_cliente(host="127.0.0.1", porta=mudo.getsockname()[1])
        tela = esperar_tela(janela, "Conectar")
        bombear_ate(janela, lambda: tela.esta_conectando)
        assert tela.botao.cget("text") == "Cancelar"
        teclar(janela, "Escape")
        bombear_ate(janela, lambda: not tela.esta_conectando)
        assert tela.botao.cget("text") == "Conectar"


def test_nome_em_uso_com_sugestao_numa_tecla(abrir_cliente: Any, processo_servidor: ProcessoServidor, ligar: Any) -> None:
    ligar("Ana Lima")
    janela = abrir_cliente(processo_servidor, nome="Ana Lima")
    tela = esperar_tela(janela, "Nome")
    bombear_ate(janela, lambda: tela.sugestao.winfo_ismapped())
    assert tela.campo.texto == "Ana Lima"
    assert tela.campo.recado.strip() == "Esse nome já está em uso. Que tal “Ana Lima 2”?"
    bombear_ate(janela, lambda: focado(janela) is tela.campo.entrada)
    teclar(janela, "Down")
    esperar_tela(janela, "Salas")
    assert janela.sessao.nome == "Ana Lima 2"


@pytest.mark.parametrize("nome", ["#ana", "Robô", "x" * 25, "a  b"])
def test_nome_ruim_e_apontado_antes_de_ir(abrir_cliente: Any, processo_servidor: ProcessoServidor, nome: str) -> None:
    janela = abrir_cliente(processo_servidor)
    tela = esperar_tela(janela, "Nome")
    tela.campo.texto = nome
    assert tela.campo.tem_erro
    tela.botao.invoke()
    assert janela.title().startswith("Nome") and tela.campo.texto == nome
    tela.campo.texto = "Ana"
    assert not tela.campo.tem_erro


def test_sala_que_ja_existe(abrir_cliente: Any, processo_servidor: ProcessoServidor) -> None:
    janela = abrir_cliente(processo_servidor, nome="Bia")
    esperar_tela(janela, "Salas").nova.invoke()
    tela = esperar_tela(janela, "Nova sala")
    tela.nome.texto = "Geral"
    tela.botao.invoke()
    bombear_ate(janela, lambda: tela.nome.tem_erro)
    assert tela.nome.texto == "Geral" and focado(janela) is tela.nome.entrada
    tela.nome.texto = "nao/vale"
    assert tela.nome.tem_erro
    tela.botao.invoke()
    tela.nome.texto = "vale"
    tela.botao.invoke()
    esperar_tela(janela, "#vale")


def test_preferencias_danificadas_dao_as_de_fabrica_e_um_aviso(abrir_cliente: Any, tmp_path: Path) -> None:
    from interface.componentes import AvisoFlutuante

    (tmp_path / "preferencias").mkdir()
    (tmp_path / "preferencias" / "cliente.json").write_bytes(b'{"host": "dani')
    janela = abrir_cliente()
    tela = esperar_tela(janela, "Conectar")
    assert (tela.host.texto, tela.porta.texto) == ("127.0.0.1", "12345")
    bombear_ate(janela, lambda: any(isinstance(f, AvisoFlutuante) for f in janela.winfo_children()))
