/** Fifty rows of seven columns, as a list of tickets has them. */
export function Table({ first }) {
  const rows = Array.from({ length: 50 }, (_, index) => first + index)
  return (
    <table>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            <td>Completed</td>
            <td>ticket-{row}</td>
            <td>New match</td>
            <td>configuration-{row % 10}</td>
            <td>player-{row}</td>
            <td>0:{10 + (row % 50)}</td>
            <td>10:00:{10 + (row % 50)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
