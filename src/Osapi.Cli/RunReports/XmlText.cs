using System.Text;
using System.Xml;

namespace Osapi.Cli.RunReports;

/// <summary>Makes any text one that XML can have.</summary>
internal static class XmlText
{
    /// <summary>Returns the text with U+FFFD in place of each character that XML 1.0 forbids, and of each half of a surrogate pair.</summary>
    public static string Of(string text)
    {
        StringBuilder? clean = null;
        for (var index = 0; index < text.Length; index++)
        {
            var isPair = index + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[index + 1], text[index]);
            if (isPair || XmlConvert.IsXmlChar(text[index]))
            {
                clean?.Append(text, index, isPair ? 2 : 1);
                index += isPair ? 1 : 0;
            }
            else
            {
                (clean ??= new(text[..index], text.Length)).Append('\ufffd');
            }
        }

        return clean?.ToString() ?? text;
    }
}
