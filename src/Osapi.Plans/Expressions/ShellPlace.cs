namespace Osapi.Plans.Expressions;

/// <summary>A place in a shell line.</summary>
/// <param name="Quote">The quotes around it, if any.</param>
/// <param name="Refusal">The reason that no text can stand there, as a sentence for the author; null when one can.</param>
internal sealed record ShellPlace(char? Quote, string? Refusal);
