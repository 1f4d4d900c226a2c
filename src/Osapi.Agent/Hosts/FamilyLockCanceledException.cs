namespace Osapi.Agent.Hosts;

/// <summary>An operation was stopped while it waited for another one of its family: it has not begun.</summary>
/// <param name="family">The family.</param>
/// <param name="cancellationToken">The token that stopped it.</param>
internal sealed class FamilyLockCanceledException(string family, CancellationToken cancellationToken)
    : OperationCanceledException($"it waited for another {family} operation on this host", cancellationToken);
