namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The exception for a ledger that is in use elsewhere, or could not be written: the record is not in it.</summary>
public class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The exception for a ledger that was damaged after it was written. Continuing without the lost records could run a
/// job twice.
/// </summary>
internal sealed class LedgerCorruptException(string file, long offset, string problem)
    : LedgerException($"The ledger {file} is damaged at offset {offset}: {problem}. Jobs may run twice if it is removed while their commands are still alive.")
{
    /// <summary>The ledger's file.</summary>
    public string File => file;

    /// <summary>The offset of the damaged record.</summary>
    public long Offset => offset;
}
