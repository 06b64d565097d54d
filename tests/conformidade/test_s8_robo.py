"""§8: os comandos escritos, por `comando` e por `mensagem`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conformidade.linha import Linha, Processo

Ligar = Callable[..., Linha]
Novo = Callable[[str], str]
Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]


@pytest.mark.parametrize("tipo", ["comando", "mensagem"])
def test_so_quem_pediu_ouve_o_robo(ligar: Ligar, novo: Novo, tipo: str) -> None:
    """O `ok` traz `comando:true` e nunca `seq`; nada se grava nem gasta seq; os outros não percebem."""
    ana, bob, sala = ligar("ana"), ligar("bob"), novo("s")
    for linha in (ana, bob):
        linha.ok("entrar", sala=sala)
    ana.chegados()
    for texto, pedaco in {
        "/help": "/join", "/AJUDA": "/expulsar", "/usuarios": bob.nome, "/list": f"#{sala}", "/salas": "#geral", "/ping": "pong",
        "/hora": "UTC", "/stats": "No ar", "/historico": "",
    }.items():  # fmt: skip
        resposta = ana.ok(tipo, sala=sala, texto=texto)
        assert resposta == {"tipo": "ok", "id": resposta["id"], "comando": True}
        (robo,) = ana.chegados()
        assert (robo["tipo"], robo["sala"]) == ("robo", sala) and pedaco in robo["texto"]
    assert bob.chegados() == []
    assert ana.ok("mensagem", sala=sala, texto="a primeira")["seq"] == 1


def test_recusas_do_robo(ligar: Ligar) -> None:
    """`ok` com `codigo`, e o motivo no `robo`, que sugere o parecido."""
    ana = ligar("ana")
    ana.ok("entrar", sala="geral")
    for texto, codigo, pedaco in [
        ("/jion #x", "tipo_desconhecido", "/join"),
        ("/xyzxyz", "tipo_desconhecido", "/help"),
        ("/", "tipo_desconhecido", "/help"),
        ("/join", "mensagem_invalida", "/join #sala"),
        ("/join @x", "sala_invalida", ""),
        ("/nome Robô", "nome_invalido", "reservado"),
        ("/privado ninguém oi", "usuario_inexistente", "ninguém"),
        ("/expulsar ninguém", "sem_permissao", ""),
        ("/historico 201", "mensagem_invalida", "200"),
        ("/registrar curta", "senha_invalida", ""),
    ]:
        resposta = ana.ok("comando", sala="geral", texto=texto)
        assert resposta == {"tipo": "ok", "id": resposta["id"], "comando": True, "codigo": codigo}, texto
        assert pedaco in ana.evento("robo")["texto"], texto
    ana.mandar("comando", texto="/xyzxyz")
    assert [objeto["tipo"] for objeto in ana.chegados()] == ["robo"]
    assert ana.erro("mensagem_invalida", "comando", texto="ping")["campo"] == "texto"
    ana.erro("texto_invalido", "comando", texto="")


def test_efeitos(ligar: Ligar, novo: Novo) -> None:
    """Entrar, trocar de nome, falar em privado, moderar e sair: os campos e os eventos do pedido equivalente."""
    ana, bob, sala = ligar("Ana Maria"), ligar("Ana"), novo("s")
    entrada = ana.ok("comando", texto=f"/join #{sala}")
    assert entrada["comando"] is True and entrada["moderador"] is True and entrada["historico"] == []
    bob.ok("mensagem", sala="geral", texto=f"/entrar {sala}")
    assert ana.evento("entrou")["nome"] == bob.nome
    for escrito in (f'"{ana.nome}" oi você', f"{ana.nome.upper()} oi você"):
        assert bob.ok("comando", texto=f"/msg {escrito}")["hora"]
        assert ana.evento("privada")["texto"] == "oi você"
    recente = novo("Bia")
    assert bob.ok("comando", texto=f"/nome {recente}")["nome"] == recente
    assert ana.evento("renomeado")["para"] == recente
    ana.ok("comando", sala=sala, texto=f"/promover {recente}")
    assert bob.evento("moderador")["valor"] is True
    ana.ok("comando", sala=sala, texto=f"/expulsar {recente} por que sim")
    assert bob.evento("removido")["texto"] == "por que sim"
    ana.ok("mensagem", sala=sala, texto="dita")
    ana.chegados()
    ana.ok("comando", sala=sala, texto="/historico 5")
    assert f"{ana.nome}: dita" in ana.evento("robo")["texto"]
    ana.ok("comando", texto="/sair")
    assert f"#{sala}" in ana.evento("robo")["texto"]
    ana.ok("comando", sala=sala, texto="/sair")
    ana.erro("fora_da_sala", "historico", sala=sala)
    assert ana.ok("comando", texto="/sair")["comando"] is True
    assert ana.ate_fechar() == []


@pytest.mark.parametrize("texto", ["/encerrar", "/quit", "/exit", "sair", "SAIR"])
def test_despedidas(ligar: Ligar, novo: Novo, texto: str) -> None:
    """A ficha morre."""
    ana, sala = ligar("ana"), novo("s")
    ana.ok("entrar", sala=sala)
    assert ana.ok("comando", sala=sala, texto=texto)["comando"] is True
    assert ana.ate_fechar() == []
    outra = ligar()
    assert outra.apresentar(ana.nome, ana.ficha)["sessao"] != ana.ficha


def test_barra_dobrada(ligar: Ligar, novo: Novo) -> None:
    """Envia o texto com uma barra; uma barra que não está no começo não é nada."""
    ana, sala = ligar("ana"), novo("s")
    ana.ok("entrar", sala=sala)
    for texto, dito in {"//ping": "/ping", "///": "//", " /ping": " /ping", "a/ping": "a/ping"}.items():
        assert "comando" not in ana.ok("mensagem", sala=sala, texto=texto)
        assert ana.evento("mensagem")["texto"] == dito


def test_comandos_contam_na_taxa_e_as_senhas_nao_aparecem(discar: Discar, abrir: Abrir) -> None:
    """`devagar` é um `erro` comum; e do que se escreveu em `/registrar` e `/join` nada vai ao registro."""
    processo = abrir("--taxa", "2")
    ana = discar(processo, "Ana")
    ana.ok("comando", texto="/registrar supersegredo")
    assert ana.evento("robo")
    ana.ok("comando", texto="/join #x supersegredo")
    for _ in range(2):
        ana.ok("comando", texto="/ping")
    assert ana.erro("devagar", "comando", texto="/ping")["espere_ms"] <= 500
    ana.erro("devagar", "privada", para="Ana", texto="oi")
    ana.erro("devagar", "mensagem", sala="x", texto="oi")
    ana.fechar()
    processo.terminar()
    ditos = [arquivo.read_bytes() for arquivo in processo.dados.rglob("*") if arquivo.is_file()]
    assert "supersegredo" not in processo.dito() and not any(b"supersegredo" in dito for dito in ditos)
