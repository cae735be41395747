import type { ImportField } from '../../core/contract/imports.ts'
import type { TimeKind } from '../../core/import/detect-format.ts'

/*
 * Headers and values of exports in French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish and Russian, separated by commas. They are
 * compared without accents and case.
 */

export const FOREIGN_HEADERS: Readonly<Partial<Record<ImportField, string>>> = {
  externalId:
    "n° d'appel, numéro d'appel, id appel, id llamada, id de llamada, id chiamata, id da chamada, gesprek id, nr połączenia, id połączenia, id rozmowy, çağrı no, çağrı id, arama no, id звонка, номер звонка",
  agent:
    'conseiller, téléconseiller, télévendeur, commercial, opérateur, agente, operador, asesor, operatore, consulente, atendente, vendedor, medewerker, konsultant, handlowiec, pracownik, temsilci, müşteri temsilcisi, personel, сотрудник, оператор, менеджер, агент',
  prospectName:
    'nom du client, nom client, client, nom, nombre del cliente, nome cliente, nome do cliente, cliente, nombre, nome, contacto, contatto, contato, klantnaam, klant, naam, nazwa klienta, imię i nazwisko, klient, müşteri adı, ad soyad, müşteri, имя клиента, фио, клиент, имя, контакт',
  prospectPhone: 'numéro, móvil, cellulare, celular, telefoon, telefoonnummer, телефон, номер телефона, мобильный',
  callType:
    "sens, sens de l'appel, type d'appel, tipo, tipo de llamada, dirección, sentido, tipo chiamata, direzione, richting, kierunek, yön, arama yönü, çağrı yönü, направление, тип звонка, тип вызова",
  status: "statut, statut de l'appel, état, estado, stato, durum, çağrı durumu, статус, состояние",
  outcome: 'résultat, resultado, risultato, esito, resultaat, wynik, sonuç, результат, итог',
  lossReason: 'motif, motif de refus, motivo, reden, powód, neden, sebep, причина, причина отказа',
  notes:
    'commentaire, commentaires, remarques, notas, comentarios, observaciones, commenti, observações, opmerking, opmerkingen, notities, uwagi, notatki, komentarz, not, notlar, açıklama, комментарий, комментарии, примечание, заметки',
  callDuration:
    "durée, durée de l'appel, duración, duración de la llamada, durata, duração, duur, gespreksduur, czas trwania, czas rozmowy, süre, konuşma süresi, arama süresi, длительность, продолжительность, время разговора",
}

export const FOREIGN_TIME_HEADERS: Readonly<Record<TimeKind, string>> = {
  dateTime:
    'date et heure, horodatage, début, fecha y hora, inicio, data e ora, data e hora, inizio, início, datum en tijd, data i godzina, rozpoczęcie, tarih saat, tarih ve saat, başlangıç, дата и время, начало',
  date: "date d'appel, date de l'appel, fecha de llamada, data chiamata, data rozmowy, tarih, arama tarihi, çağrı tarihi, дата, дата звонка, дата вызова",
  time: "heure d'appel, heure de l'appel, hora de llamada, orario, tijd, tijdstip, godzina, saat, arama saati, çağrı saati, время, время звонка",
}

export const FOREIGN_VALUES = {
  callType: {
    inbound:
      'entrant, appel entrant, entrante, entrada, in entrata, in ingresso, inkomend, przychodzące, przychodząca, gelen, gelen arama, входящий',
    outbound:
      'sortant, appel sortant, saliente, salida, saída, in uscita, uitgaand, wychodzące, wychodząca, giden, giden arama, исходящий',
  },
  status: {
    completed:
      'répondu, décroché, abouti, terminé, contestada, completada, atendida, risposto, completata, atendido, concluída, beantwoord, afgerond, voltooid, odebrane, odebrana, zakończone, cevaplandı, yanıtlandı, tamamlandı, ulaşıldı, отвечен, отвечено, принят, завершен, состоялся',
    no_show:
      'sans réponse, manqué, non abouti, no contestada, perdida, buzón de voz, nessuna risposta, non risposto, persa, occupato, segreteria, não atendida, não atendeu, caixa postal, gemist, niet beantwoord, geen gehoor, bezet, nieodebrane, nieodebrana, brak odpowiedzi, zajęte, zajęty, poczta głosowa, cevapsız, cevaplanmadı, yanıtlanmadı, ulaşılamadı, meşgul, пропущен, пропущенный, нет ответа, не отвечен, недозвон, занято, автоответчик',
    scheduled: 'planifié, prévu, programada, programmata, agendada, gepland, zaplanowane, planlandı, запланирован',
    rescheduled:
      'reporté, à rappeler, reprogramada, volver a llamar, richiamare, reagendada, terugbellen, oddzwonić, przełożone, ertelendi, geri aranacak, перенесен, перезвонить',
    cancelled: 'annulé, cancelada, annullata, geannuleerd, anulowane, iptal, iptal edildi, отменен',
  },
  outcome: {
    won: 'vendu, vente, gagné, conclu, ganado, vendido, venta, venduto, vendita, vinto, ganho, venda, verkocht, sprzedane, sprzedaż, wygrane, satıldı, satış, kazanıldı, продажа, продано, выиграно',
    lost: 'perdu, refusé, refus, pas intéressé, perdido, rechazado, no interesado, perso, rifiutato, non interessato, recusado, sem interesse, geen interesse, afgewezen, odmowa, brak zainteresowania, przegrane, reddedildi, ilgilenmiyor, kaybedildi, отказ, проиграно, не интересно',
    undecided: 'en attente, pendiente, in sospeso, pendente, in behandeling, w toku, beklemede, в ожидании, думает',
  },
} satisfies Partial<Record<ImportField, Readonly<Record<string, string>>>>

export const FOREIGN_YES = 'oui, sí, sim, tak, evet, да'
export const FOREIGN_NO = 'non, não, nee, nie, hayır, нет'
