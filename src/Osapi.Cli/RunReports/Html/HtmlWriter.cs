using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Osapi.Operations;

namespace Osapi.Cli.RunReports.Html;

/// <summary>Writes HTML. Values are always text: their markup, control characters and invalid characters are escaped.</summary>
internal sealed class HtmlWriter
{
    // Halves of surrogate pairs become U+FFFD.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder html = new();

    /// <summary>The number of characters so far.</summary>
    public int Length => html.Length;

    /// <summary>Appends markup that is our own.</summary>
    public HtmlWriter Raw(string markup)
    {
        html.Append(markup);
        return this;
    }

    /// <summary>Appends markup with values in it: texts become one line of text, numbers are written as numbers.</summary>
    public HtmlWriter Add(FormattableString markup)
    {
        html.AppendFormat(CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(static value => value is string text ? Encoder.Encode(ControlCharacters.Escape(text)) : value)]);
        return this;
    }

    /// <summary>Appends a text with its line breaks and tabs, for a place where they count.</summary>
    public HtmlWriter Lines(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
        html.AppendJoin('\n', lines.Select(static line => Encoder.Encode(ControlCharacters.Escape(line, keepTabs: true)).Replace("&#x9;", "\t", StringComparison.Ordinal)));
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => html.ToString();
}
