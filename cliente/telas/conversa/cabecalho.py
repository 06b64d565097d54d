"""O alto da conversa: que sala é esta e o que se pode fazer nela."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Any

from cliente.sessao import Conversa, ConversaPrivada
from interface.componentes import Botao, Painel, Pilula, Rotulo
from interface.imagens import Especificacao, avatar, icone
from interface.tema import tema_de

_COM_TEXTO_A_PARTIR_DE = 520


class Cabecalho(Painel):
    """Os botões são sempre os mesmos; o de sair perde o texto quando a janela aperta."""

    def __init__(self, mestre: tk.Misc, ao_procurar: Callable[[], object], ao_alternar_membros: Callable[[], object],
                 ao_sair: Callable[[], object], ao_alternar_salas: Callable[[], object],
                 ao_pedir_menu: Callable[[], object]) -> None:
        super().__init__(mestre, plano="superficie", margem=(16, 10))
        self._tema = tema_de(mestre)
        self._assunto_inteiro = self._nome_inteiro = ""
        self._e_privada = False
        self.salas = Botao(self, comando=ao_alternar_salas, tipo="fantasma", icone="lista", dica="Mostrar as salas")
        self._icone = Rotulo(self, imagem=icone("sala", 20))
        self._icone.pack(side="left")
        self._pilula = Pilula(self, "PRIVADO", "privado")
        coluna = Painel(self)
        self._tema.empacotar(coluna, side="left", padx=8)
        self._nome = Rotulo(coluna, "", fonte="subtitulo")
        self._nome.pack(anchor="w")
        self._assunto = Rotulo(coluna, "", fonte="legenda", cor="apagado")
        self._assunto.pack(anchor="w")
        self.procurar = Botao(self, comando=ao_procurar, tipo="fantasma", icone="busca",
                              dica="Procurar nesta sala (Ctrl+F)")
        self.membros = Botao(self, comando=ao_alternar_membros, tipo="fantasma", icone="usuarios",
                             dica="Mostrar ou esconder quem está na sala")
        self.sair = Botao(self, "Sair da sala", ao_sair, tipo="fantasma", icone="porta", lado_do_icone=18)
        self.mais = Botao(self, comando=ao_pedir_menu, tipo="fantasma", icone="mais_opcoes", dica="Mais desta conversa (F10)")
        self._acoes = (self.mais, self.sair, self.membros, self.procurar)
        for botao in self._acoes:
            botao.pack(side="right")
        self.bind("<Configure>", self._ao_mudar_de_tamanho)
        self._tema.ao_mudar(self._encurtar)

    def mostrar(self, conversa: Conversa, destino: str, tem_senha: bool = False) -> None:
        """``destino`` diz onde se vai parar ao sair."""
        self._vestir(icone("cadeado" if tem_senha else "sala", 20), e_privada=False)
        self._nome_inteiro = conversa.sala
        self._assunto_inteiro = conversa.assunto or "Sem assunto"
        self.sair.definir_dica(f"Sair de #{conversa.sala} e ir para {destino} (Ctrl+Shift+W)")
        self._encurtar()

    def mostrar_privada(self, conversa: ConversaPrivada) -> None:
        """A conversa com uma pessoa: fecha-se, não se sai dela."""
        self._vestir(avatar(conversa.nome, 28), e_privada=True)
        self._nome_inteiro = conversa.nome
        self._assunto_inteiro = "Só vocês dois leem; o servidor não guarda."
        self.sair.definir_dica(f"Fechar a conversa com {conversa.nome} (Ctrl+Shift+W)")
        self._encurtar()

    def _vestir(self, imagem: Especificacao, e_privada: bool) -> None:
        self._icone.definir(imagem=imagem)
        self._e_privada = e_privada
        if e_privada:
            self.membros.pack_forget()
            self._tema.empacotar(self._pilula, side="right", padx=(8, 8))
        else:
            self._pilula.pack_forget()
            if not self.membros.winfo_manager():
                self.membros.pack(side="right", after=self.sair)
        self._dizer_sair()

    def _dizer_sair(self) -> None:
        cabe = self.winfo_width() >= self._tema.px(_COM_TEXTO_A_PARTIR_DE)
        self.sair.definir(texto=("Fechar" if self._e_privada else "Sair da sala") if cabe else "")

    def mostrar_botao_das_salas(self, aparece: bool) -> None:
        """Quando a barra das salas não cabe, este botão a traz."""
        if aparece:
            self._tema.empacotar(self.salas, side="left", padx=(0, 6), before=self.winfo_children()[1])
        else:
            self.salas.pack_forget()

    def _ao_mudar_de_tamanho(self, _evento: tk.Event[Any]) -> None:
        self._dizer_sair()
        self._encurtar()

    def _encurtar(self) -> None:
        ocupado = sum(botao.winfo_reqwidth() for botao in (*self._acoes, self._pilula) if botao.winfo_manager())
        ocupado += self._tema.px(90)
        if self.salas.winfo_manager():
            ocupado += self.salas.winfo_reqwidth()
        livre = max(self._tema.px(60), self.winfo_width() - ocupado)
        for rotulo, fonte, inteiro in ((self._nome, "subtitulo", self._nome_inteiro),
                                       (self._assunto, "legenda", self._assunto_inteiro)):
            seguro = self._tema.para_tk(inteiro).replace("\n", " ")
            rotulo.definir(self._tema.fontes.encurtar(fonte, seguro, livre))
