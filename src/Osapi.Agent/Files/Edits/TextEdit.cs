using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>The result of an edit of a text.</summary>
/// <param name="Action">The change.</param>
/// <param name="Text">The new text; null when the text is as requested.</param>
internal sealed record TextEdit(EditAction Action, string? Text)
{
    /// <summary>No change.</summary>
    public static TextEdit None { get; } = new(EditAction.None, null);

    /// <summary>The number of the first new line, from 1; null when there is none.</summary>
    public int? LineNumber { get; init; }

    /// <summary>The number of replaced or removed places; null when they are not counted.</summary>
    public int? Count { get; init; }

    /// <summary>Creates the result of an edit of lines.</summary>
    public static TextEdit Of(EditAction action, IEnumerable<TextLine> lines) => new(action, string.Concat(lines.SelectMany(line => (string[])[line.Content, line.Break])));
}
