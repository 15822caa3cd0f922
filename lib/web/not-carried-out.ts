/** What an action is answered that was refused before it was begun starts so: then it is known that nothing was done. */
export const NOT_CARRIED_OUT = 'Not carried out: '
