"""As tabelas e os indicadores: o que muda muda sozinho, a seleção fica, e mil usuários não pesam."""

from __future__ import annotations

from dataclasses import replace

from servidor.janela.janela import JanelaDoServidor
from servidor.nucleo.eventos import Contadores
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.servidor.janela.conftest import ServidorNoAr
from tests.servidor.janela.servidor_falso import SEM_NINGUEM, retrato, sala, usuario
from tests.servidor.janela.test_logs import medir_atrasos


def nomes(janela: JanelaDoServidor) -> list[str]:
    return [u.nome for u in janela.abas.usuarios.itens]


def test_usuarios_entram_mudam_e_saem_sem_perder_a_selecao(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    servidor, tabela = fabrica.ultimo, janela.abas.usuarios
    janela.abas.caderno.ir("usuarios")
    servidor.publicar(retrato(replace(SEM_NINGUEM, usuarios=3), completo=True,
                              usuarios=(usuario(1, "Érica"), usuario(2, "ana"), usuario(3, "Bruno", (), latencia_ms=None))))
    bombear_ate(janela, lambda: nomes(janela) == ["ana", "Bruno", "Érica"])
    assert "Usuários  3" in janela.abas.caderno.tab(1, "text")
    bombear_ate(janela, lambda: tabela.arvore.set("3", "salas") == "—" and tabela.arvore.set("3", "latencia") == "—")
    tabela.arvore.selection_set("3")
    servidor.publicar(retrato(usuarios=(usuario(3, "Zeca", ("geral", "prova"), mensagens=1284),), usuarios_sumidos=(2, 99)))
    bombear_ate(janela, lambda: nomes(janela) == ["Érica", "Zeca"])
    assert tabela.escolhido is not None and tabela.escolhido.nome == "Zeca"
    bombear_ate(janela, lambda: tabela.arvore.set("3", "salas") == "#geral, #prova")
    assert tabela.arvore.set("3", "mensagens") == "1.284"
    servidor.publicar(retrato(completo=True, usuarios=(usuario(7, "Só eu"),)))
    bombear_ate(janela, lambda: nomes(janela) == ["Só eu"])


def test_ordena_por_qualquer_coluna_e_inverte(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    tabela = janela.abas.usuarios
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=(
        usuario(1, "A", mensagens=5, latencia_ms=None), usuario(2, "B", mensagens=100, latencia_ms=30), usuario(3, "C", mensagens=20, latencia_ms=2))))
    bombear_ate(janela, lambda: len(nomes(janela)) == 3)
    tabela.ordenar_por("mensagens")
    assert nomes(janela) == ["B", "C", "A"] and "▼" in tabela.arvore.heading("mensagens", "text")
    tabela.ordenar_por("mensagens")
    assert nomes(janela) == ["A", "C", "B"]
    tabela.ordenar_por("latencia")
    assert nomes(janela) == ["C", "B", "A"]              # quem não foi medido fica no fim
    fabrica.ultimo.publicar(retrato(usuarios=(usuario(4, "D", latencia_ms=10),)))
    bombear_ate(janela, lambda: nomes(janela) == ["C", "D", "B", "A"])


def test_nomes_dificeis_aparecem_inteiros(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.abas.caderno.ir("usuarios")
    dificeis = ["{chave", "a b", "$x [exit]", "O'Neil \"z\"", "e\u0301", "x\\"]
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=tuple(usuario(n, nome, (nome,)) for n, nome in enumerate(dificeis))))
    bombear_ate(janela, lambda: len(nomes(janela)) == len(dificeis))
    bombear_ate(janela, lambda: janela.abas.usuarios.arvore.item("0", "text"))
    for n, nome in enumerate(dificeis):
        assert janela.abas.usuarios.arvore.item(str(n), "text").strip() == nome
        assert janela.abas.usuarios.arvore.set(str(n), "salas") == f"#{nome}"


def test_o_que_mudou_sem_ser_visto_aparece_ao_abrir_a_aba_e_ao_rolar(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    arvore = janela.abas.usuarios.arvore
    turma = tuple(usuario(n, f"Aluno {n:03d}", mensagens=n) for n in range(200))
    fabrica.ultimo.publicar(retrato(completo=True, usuarios=turma))
    bombear_ate(janela, lambda: len(nomes(janela)) == 200)
    assert arvore.item("0", "text") == ""
    janela.abas.caderno.ir("usuarios")
    bombear_ate(janela, lambda: arvore.item("0", "text").strip() == "Aluno 000" and arvore.item("0", "image"))
    assert arvore.item("199", "text") == ""
    arvore.yview_moveto(1.0)
    bombear_ate(janela, lambda: arvore.set("199", "mensagens") == "199")
    janela.tema.mudar(paleta="escuro", zoom=1.5)
    bombear_ate(janela, lambda: arvore.item(arvore.identify_row(arvore.winfo_height() // 2), "image"))


def test_salas_com_cadeado_assunto_e_fechar(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    tabela = janela.abas.salas
    fabrica.ultimo.publicar(retrato(replace(SEM_NINGUEM, salas=2, protegidas=1), completo=True, salas=(
        sala(1, "geral", 5, mensagens=402), sala(2, "prova", 1, True, "Carla", 83, "Só na sexta"))))
    janela.abas.caderno.ir("salas")
    bombear_ate(janela, lambda: [s.nome for s in tabela.itens] == ["geral", "prova"])
    bombear_ate(janela, lambda: tabela.arvore.set("2", "protegida"))
    assert tabela.arvore.set("2", "protegida") == "com senha" and tabela.arvore.set("1", "criador") == "o servidor"
    assert tabela.arvore.set("2", "assunto") == "Só na sexta"
    tabela.arvore.selection_set("1")
    assert not any(item.esta_habilitado for item in tabela.menu_de_agora()[:2])    # a fixa não se fecha
    tabela.arvore.selection_set("2")
    comando = tabela.menu_de_agora()[1].comando
    assert comando is not None
    comando()
    assert janela.perguntas.aberta is not None
    janela.perguntas.aberta.responder(True)
    assert fabrica.ultimo.pedidos == ["/fechar #prova"]
    fixar = tabela.menu_de_agora()[0]
    assert fixar.texto == "Fixar #prova" and fixar.comando is not None
    fixar.comando()
    fabrica.ultimo.publicar(retrato(salas=(replace(sala(2, "prova", 1), fixa=True),)))
    bombear_ate(janela, lambda: tabela.arvore.set("2", "fixa") == "sim")
    soltar, fechar = tabela.menu_de_agora()[:2]
    assert soltar.texto == "Soltar #prova" and not fechar.esta_habilitado and soltar.comando is not None
    soltar.comando()
    assert fabrica.ultimo.pedidos[-2:] == ["/fixar #prova", "/soltar #prova"]
    fabrica.ultimo.publicar(retrato(salas_sumidas=(2,)))
    bombear_ate(janela, lambda: [s.nome for s in tabela.itens] == ["geral"])


def test_indicadores_mostram_ritmo_pico_e_trafego(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    usuarios, salas, mensagens, trafego = janela.indicadores.cartoes
    fabrica.ultimo.publicar(retrato(Contadores(17, 17, 4, 1, 0, 0, 0)))
    bombear_ate(janela, lambda: usuarios.valor.cget("text") == "17")
    fabrica.ultimo.publicar(retrato(Contadores(12, 12, 4, 1, 3_000, 6_000, 12_000)))
    bombear_ate(janela, lambda: usuarios.valor.cget("text") == "12" and mensagens.nota.cget("text") == "3.000 desde o início")
    assert usuarios.nota.cget("text").startswith("pico de 17 às ")
    assert salas.valor.cget("text") == "4" and salas.nota.cget("text") == "1 protegida"
    bombear_ate(janela, lambda: mensagens.valor.cget("text") != "0" and "kB/s" in trafego.valor.cget("text"))
    assert "↓" in trafego.nota.cget("text") and "↑" in trafego.nota.cget("text")


def test_dois_mil_usuarios_mudando_nao_travam_a_janela(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    janela.abas.caderno.ir("usuarios")
    turma = tuple(usuario(n, f"Aluno {n} {chr(65 + n % 26)}", latencia_ms=float(n % 90)) for n in range(2_000))
    fabrica.ultimo.publicar(retrato(replace(SEM_NINGUEM, usuarios=2_000), completo=True, usuarios=turma))
    bombear_ate(janela, lambda: len(nomes(janela)) == 2_000)
    bombear_por(janela, 0.3)
    atrasos = medir_atrasos(janela)
    for volta in range(1, 7):
        mudados = tuple(replace(u, mensagens=volta, latencia_ms=float((u.id + volta) % 90)) for u in turma[::10])
        fabrica.ultimo.publicar(retrato(replace(SEM_NINGUEM, usuarios=2_000), usuarios=mudados))
        bombear_por(janela, 0.25)
    assert len(janela.abas.usuarios._com_imagem) < 200        # só se desenha o que se vê
    assert max(atrasos) < 0.1, f"a janela ficou {max(atrasos) * 1000:.0f} ms sem atender"
