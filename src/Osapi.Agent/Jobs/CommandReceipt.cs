namespace Osapi.Agent.Jobs;

/// <summary>The result of receiving a command.</summary>
internal enum CommandReceipt
{
    /// <summary>It cannot be read, or must not be believed.</summary>
    Invalid,

    /// <summary>It came before, live or from the log.</summary>
    Known,

    /// <summary>It came for the first time.</summary>
    New,
}
