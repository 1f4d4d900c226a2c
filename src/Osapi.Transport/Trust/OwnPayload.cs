namespace Osapi.Transport.Trust;

/// <summary>The content of an envelope, beside its bytes, for the other side in the same process: it need not be opened and parsed there.</summary>
/// <param name="Process">What both sides were created with; another side opens the envelope.</param>
/// <param name="Body">The body.</param>
/// <param name="Known">What the body says; null when it has to be parsed.</param>
internal sealed record OwnPayload(object Process, ReadOnlyMemory<byte> Body, object? Known);
