"""§7: o que diz quem fecha, e o que se vê de quem opera o servidor (§11.2)."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformidade.linha import Linha, Processo, esperar

Discar = Callable[..., Linha]
Abrir = Callable[..., Processo]


def test_aviso_a_todos(discar: Discar, abrir: Abrir) -> None:
    """Chega aos identificados, com acentos e tudo; a quem não se identificou, não."""
    processo = abrir()
    ana, sem_nome = discar(processo, "Ana"), discar(processo)
    sem_nome.ok("ola", versao=1)
    processo.dizer("/aviso Às 10 h desligo 😀")
    aviso = ana.evento("aviso")
    assert aviso == {"tipo": "aviso", "texto": "Às 10 h desligo 😀", "hora": aviso["hora"]}
    assert sem_nome.chegados() == []


def test_expulso_por_quem_opera(discar: Discar, abrir: Abrir) -> None:
    """Sabe por quê, e a ficha morre; os outros veem; pode voltar, sem o papel."""
    processo = abrir()
    ana, bob = discar(processo, "Ana Maria"), discar(processo, "Bob")
    ana.ok("entrar", sala="x")
    bob.ok("entrar", sala="x")
    ana.chegados()
    processo.dizer("/expulsar ana maria")
    (despedida,) = ana.ate_fechar()
    assert (despedida["tipo"], despedida["motivo"]) == ("desconectado", "expulso")
    assert bob.evento("saiu") == {
        "tipo": "saiu", "sala": "x", "nome": "Ana Maria", "total": 1, "motivo": "expulso", "por": "Servidor",
    }  # fmt: skip
    assert bob.evento("moderador")["nome"] == "Bob"
    volta = discar(processo)
    assert volta.apresentar("Ana Maria", ana.ficha)["salas"] == []
    assert volta.ficha != ana.ficha and volta.ok("entrar", sala="x")["moderador"] is False


def test_banido_por_quem_opera(discar: Discar, abrir: Abrir) -> None:
    """Nem com outra caixa, nem renomeando-se, nem depois de reiniciar; até ser desbanido."""
    processo = abrir()
    ana, caio = discar(processo, "Ana"), discar(processo, "Caio")
    processo.dizer("/banir Ana")
    assert ana.ate_fechar()[-1]["motivo"] == "banido"
    volta = discar(processo)
    volta.ok("ola", versao=1)
    assert volta.erro("banido", "identificar", nome="ANA", sessao=ana.ficha)["campo"] == "nome"
    caio.erro("banido", "renomear", nome="ana")
    caio.fechar()
    volta.fechar()
    processo.terminar()
    processo.reabrir()
    outra = discar(processo)
    outra.ok("ola", versao=1)
    outra.erro("banido", "identificar", nome="Ana")
    processo.dizer("/desbanir ana")
    esperar(lambda: outra.pedir("identificar", nome="Ana")["tipo"] == "ok")


def test_sala_fechada_por_quem_opera(discar: Discar, abrir: Abrir) -> None:
    """Todos recebem `removido`, e a sala deixa de existir; a geral não se fecha."""
    processo = abrir()
    ana, bob = discar(processo, "Ana"), discar(processo, "Bob")
    for linha in (ana, bob):
        linha.ok("entrar", sala="x")
        linha.ok("salas", acompanhar=True)
    ana.chegados()
    processo.dizer("/fechar #x")
    for linha in (ana, bob):
        removido = linha.evento("removido")
        assert (removido["sala"], removido["motivo"], removido["por"]) == ("x", "sala_fechada", "Servidor")
        assert linha.evento("sala_removida")["sala"] == "x"
        linha.erro("fora_da_sala", "mensagem", sala="x", texto="oi")
        assert "saiu" not in [objeto["tipo"] for objeto in linha.chegados()]
    ana.ok("entrar", sala="geral")
    processo.dizer("/fechar geral")
    esperar(lambda: "fixa" in processo.dito())
    ana.ok("mensagem", sala="geral", texto="oi")


def test_silencio(discar: Discar, abrir: Abrir) -> None:
    """Quem se cala recebe `tempo_esgotado`, identificado ou não; quem fala de vez em quando, não."""
    processo = abrir("--inatividade", "0.5")
    muda, saudada, fala = discar(processo), discar(processo), discar(processo, "Fala")
    calada = discar(processo, "Calada")
    saudada.ok("ola", versao=1)
    for linha in (calada, fala):
        linha.ok("entrar", sala="x")
    fala.socket.settimeout(0.2)
    despedidas = []
    while not despedidas:
        fala.mandar("ping")
        fala.cru(b"\0\0\0\0")  # um quadro inválido também é sinal de vida
        fala.ok("ping")
        despedidas = [objeto for objeto in fala.eventos if objeto["tipo"] == "saiu"]
        try:
            fala.eventos.append(fala.ler())
        except TimeoutError:
            pass
    assert (despedidas[0]["nome"], despedidas[0]["motivo"]) == ("Calada", "caiu")
    for linha in (muda, saudada, calada):
        ultima = linha.ate_fechar()[-1]
        assert (ultima["tipo"], ultima["motivo"]) == ("desconectado", "tempo_esgotado")
    fala.ok("ping")


def test_trancar_e_fixar(discar: Discar, abrir: Abrir) -> None:
    """Trancado, só entra quem já era de casa; uma sala fixada fica vazia à espera, até que a soltem."""
    processo = abrir()
    ana, fora = discar(processo, "Ana"), discar(processo)
    ana.ok("entrar", sala="x")
    ana.ok("salas", acompanhar=True)
    processo.dizer("/fixar #x")
    assert ana.evento("sala_mudou", sala="x", fixa=True)
    ana.ok("sair", sala="x")
    assert [s["sala"] for s in ana.ok("salas")["salas"]] == ["geral", "x"]
    processo.dizer("/trancar")
    esperar(lambda: "ninguém novo" in processo.dito())
    fora.ok("ola", versao=1)
    fora.erro("servidor_cheio", "identificar", nome="Fora")
    volta = discar(processo)
    volta.apresentar("Ana", ana.ficha)
    processo.dizer("/destrancar")
    esperar(lambda: fora.pedir("identificar", nome="Fora")["tipo"] == "ok")
    volta.ok("salas", acompanhar=True)
    processo.dizer("/soltar #x")
    volta.evento("sala_removida", sala="x")


def test_numa_sala_fixada_a_moderacao_passa_do_mesmo_modo(discar: Discar, abrir: Abrir) -> None:
    """Só a geral não tem moderador."""
    processo = abrir()
    ana, bob = discar(processo, "Ana"), discar(processo, "Bob")
    for linha in (ana, bob):
        linha.ok("entrar", sala="x")
    ana.ok("salas", acompanhar=True)
    processo.dizer("/fixar #x")
    ana.evento("sala_mudou", sala="x", fixa=True)
    ana.ok("sair", sala="x")
    assert bob.evento("moderador") == {"tipo": "moderador", "sala": "x", "nome": "Bob", "valor": True}
