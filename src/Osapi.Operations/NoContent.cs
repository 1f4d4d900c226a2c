namespace Osapi.Operations;

/// <summary>The result of an operation that has nothing to tell: its answer has the status 204 and no body.</summary>
public sealed record NoContent;
