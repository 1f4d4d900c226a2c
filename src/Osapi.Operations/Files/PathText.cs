namespace Osapi.Operations.Files;

/// <summary>The grammar of paths.</summary>
internal static class PathText
{
    /// <summary>A pattern for one segment: not empty, not <c>.</c> or <c>..</c>, no slash, no control character.</summary>
    public const string Segment = $"({Plain}{Any}*|\\.{Plain}{Any}*|\\.\\.{Any}+)";

    private const string Any = $"[^/{ControlCharacters.Class}]";

    private const string Plain = $"[^/.{ControlCharacters.Class}]";
}
