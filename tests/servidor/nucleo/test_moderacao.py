"""A quem passa a moderação quando quem modera sai, cai ou é tirado (§5.6)."""

from __future__ import annotations

from servidor.nucleo import presenca
from tests.servidor.nucleo.palco import Cena, Pessoa


def trio(cena: Cena) -> tuple[Pessoa, Pessoa, Pessoa]:
    """Ana, que criou e modera, Bia e Caio, nessa ordem."""
    pessoas = tuple(cena.conectar(nome, salas="aula") for nome in ("Ana", "Bia", "Caio"))
    cena.esquecer()
    return pessoas


def moderadores(cena: Cena, sala: str = "aula") -> list[str]:
    """Quem modera, presente ou esperado."""
    achada = cena.central.salas.com_nome(sala)
    return sorted(u.nome for onde in (achada.membros, achada.esperas) for u, lugar in onde.items() if lugar.moderador)


def promover(cena: Cena, pessoa: Pessoa) -> None:
    """Dá a moderação por dentro."""
    with cena.lote():
        sala = cena.central.salas.com_nome("aula")
        presenca.mudar_moderador(cena.central, sala, pessoa.conexao.usuario, True)
    cena.esquecer()


def passou_para(pessoa: Pessoa) -> list[str]:
    """Os nomes dos eventos `moderador` que esta pessoa viu."""
    return [e["nome"] for e in pessoa.eventos("moderador")]


def test_quem_sai_passa_ao_mais_antigo(cena: Cena) -> None:
    """Todos os membros ouvem, o próprio inclusive, e depois do `saiu`."""
    ana, bia, caio = trio(cena)
    ana.exigir("sair", sala="aula")
    for pessoa in (bia, caio):
        assert [e["tipo"] for e in pessoa.recebidos] == ["saiu", "moderador"]
        assert pessoa.recebidos[-1] == {"tipo": "moderador", "sala": "aula", "nome": "Bia", "valor": True}
    assert passou_para(ana) == []


def test_encerrar_passa_como_sair(cena: Cena) -> None:
    """Despedida não é queda."""
    ana, bia, _ = trio(cena)
    ana.exigir("encerrar")
    assert passou_para(bia) == ["Bia"]


def test_havendo_outro_moderador_nada_passa(cena: Cena) -> None:
    """Nem quando o criador sai."""
    ana, bia, caio = trio(cena)
    promover(cena, caio)
    ana.exigir("sair", sala="aula")
    assert passou_para(bia) == [] and moderadores(cena) == ["Caio"]


def test_o_unico_moderador_caiu(cena: Cena) -> None:
    """Espera 60 s e passa ao mais antigo dos presentes; quem entra na espera é membro comum."""
    ana, bia, caio = trio(cena)
    ana.cair()
    assert cena.conectar("Davi").exigir("entrar", sala="aula")["moderador"] is False
    cena.passar(59.9)
    assert passou_para(bia) == [] and moderadores(cena) == ["Ana"]
    cena.passar(0.2)
    assert passou_para(bia) == ["Bia"] and passou_para(caio) == ["Bia"]


def test_quem_caiu_e_voltou_modera(cena: Cena) -> None:
    """Ninguém ouve `moderador`; e quem volta não perde a vez de mais antigo."""
    ana, bia, caio = trio(cena)
    ana.cair()
    bia.cair()
    cena.passar(30)
    bia = cena.voltar(bia)
    bia.exigir("entrar", sala="aula")
    ana = cena.voltar(ana)
    assert ana.exigir("entrar", sala="aula")["moderador"] is True
    cena.passar(60)
    assert passou_para(caio) == []
    ana.exigir("sair", sala="aula")
    assert passou_para(caio) == ["Bia"], "Bia chegou antes de Caio"


def test_moderador_sai_com_outro_caido(cena: Cena) -> None:
    """O caído é o único que resta: espera-se por ele, e só depois passa."""
    ana, bia, caio = trio(cena)
    promover(cena, bia)
    bia.cair()
    cena.passar(30)
    ana.exigir("sair", sala="aula")
    assert passou_para(caio) == [] and moderadores(cena) == ["Bia"]
    cena.passar(31)
    assert passou_para(caio) == ["Caio"]


def test_so_restam_caidos(cena: Cena) -> None:
    """A sala espera; quem volta primeiro depois do prazo do moderador encontra a moderação com alguém."""
    ana, bia, caio = trio(cena)
    bia.cair()
    caio.cair()
    cena.passar(10)
    ana.exigir("sair", sala="aula")
    assert moderadores(cena) == ["Bia"]
    caio = cena.voltar(caio)
    assert caio.exigir("entrar", sala="aula")["moderador"] is False
    cena.passar(51)
    assert passou_para(caio) == ["Caio"]


def test_caem_todos_e_so_um_comum_volta(cena: Cena) -> None:
    """Aos 60 s da queda do moderador, passa a quem está."""
    ana, bia, caio = trio(cena)
    for pessoa in (ana, bia, caio):
        pessoa.cair()
    caio = cena.voltar(caio)
    assert caio.exigir("entrar", sala="aula")["moderador"] is False
    cena.passar(60)
    assert passou_para(caio) == ["Caio"] and moderadores(cena) == ["Caio"]


def test_criador_que_renomeia_continua_criador(cena: Cena) -> None:
    """O nome mostrado acompanha, na lista e depois de um reinício."""
    ana, _, _ = trio(cena)
    ana.exigir("renomear", nome="Aninha")
    for olho in ("Olho", "Outro olho"):
        aula = next(s for s in cena.conectar(olho).exigir("salas")["salas"] if s["sala"] == "aula")
        assert aula["criador"] == "Aninha"
        cena.reiniciar()


def test_criador_sai_e_volta_como_membro_comum(cena: Cena) -> None:
    """A moderação ficou com quem a herdou; a sala guarda a ficha de quem a criou."""
    ana, bia, _ = trio(cena)
    ana.exigir("sair", sala="aula")
    assert ana.exigir("entrar", sala="aula")["moderador"] is False
    assert moderadores(cena) == ["Bia"]
    sala = cena.central.salas.com_nome("aula")
    assert sala.criador_ficha == ana.conexao.usuario.ficha


def test_ninguem_herda_pelo_nome(cena: Cena) -> None:
    """Quem pega o nome livre de um criador ou moderador é membro comum, e a ficha do criador não é a dele."""
    ana, bia, _ = trio(cena)
    ana.exigir("encerrar")
    falsa = cena.conectar("Ana")
    assert falsa.exigir("entrar", sala="aula")["moderador"] is False
    sala = cena.central.salas.com_nome("aula")
    assert sala.criador_ficha != falsa.conexao.usuario.ficha
    bia.cair()
    cena.passar(61)
    assert cena.conectar("Bia").exigir("entrar", sala="aula")["moderador"] is False


def test_ninguem_herda_renomeando_se(cena: Cena) -> None:
    """Nem quando o nome do criador ficou livre."""
    ana, bia, _ = trio(cena)
    ana.exigir("encerrar")
    caio = cena.conectar("Davi", salas="aula")
    caio.exigir("renomear", nome="Ana")
    assert moderadores(cena) == ["Bia"]


def test_a_geral_nao_tem_moderador(cena: Cena) -> None:
    """Nem o primeiro, nem o que fica."""
    ana, bia = cena.conectar("Ana", salas="geral"), cena.conectar("Bia", salas="geral")
    ana.exigir("sair", sala="geral")
    bia.cair()
    cena.passar(61)
    assert moderadores(cena, "geral") == []
    assert passou_para(bia) == []


def test_o_papel_atravessa_um_reinicio(cena: Cena) -> None:
    """E a espera de 60 s conta do novo início: se o moderador não vier, passa ao mais antigo que veio."""
    ana, bia, caio = trio(cena)
    cena.reiniciar()
    caio, bia = cena.voltar(caio), cena.voltar(bia)
    for pessoa in (caio, bia):
        assert pessoa.exigir("entrar", sala="aula")["moderador"] is False
    cena.esquecer()
    cena.passar(60.1)
    assert passou_para(caio) == ["Bia"]
    cena.reiniciar()
    assert cena.voltar(bia).exigir("entrar", sala="aula")["moderador"] is True


def test_assumir_nao_mexe_na_moderacao(cena: Cena) -> None:
    """A conexão antiga acabar não é queda."""
    ana, bia, _ = trio(cena)
    nova = cena.voltar(ana)
    cena.passar(120)
    assert passou_para(bia) == [] and moderadores(cena) == ["Ana"]
    assert nova.exigir("entrar", sala="aula")["moderador"] is True
