namespace Osapi.Agent.Files.Edits;

/// <summary>A line of a file.</summary>
/// <param name="Content">The line without its end.</param>
/// <param name="Break">The end of the line: <c>\n</c>, <c>\r\n</c>, or nothing at the end of a file.</param>
internal readonly record struct TextLine(string Content, string Break);
