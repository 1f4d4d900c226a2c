namespace Osapi.Agent.Jobs.Ledgers;

/// <summary>The ledger is in use elsewhere, or could not be written: what was to be written is not in it.</summary>
public class LedgerException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The ledger was damaged after it was written. Going on without the lost records could run a job twice.</summary>
internal sealed class LedgerCorruptException(string file, long offset, string problem)
    : LedgerException($"The ledger {file} is damaged at offset {offset}: {problem}. Jobs may run twice if it is removed while their commands are still alive.")
{
    /// <summary>The ledger's file.</summary>
    public string File => file;

    /// <summary>Where in the file the damaged record begins.</summary>
    public long Offset => offset;
}
