namespace Osapi.Operations;

/// <summary>The empty result of an operation whose response has status 204 and no body.</summary>
public sealed record NoContent;
