using System.Globalization;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>The path of a value, as a template writes it.</summary>
internal static class TemplatePath
{
    // An index is computed, and may be a text of any length.
    private const int MaxNameLength = 60;

    public static string Member(string path, string name) => IsWord(name) ? $"{path}.{name}" : $"{path}['{(name.Length > MaxNameLength ? name[..MaxNameLength] + "..." : name)}']";

    public static string Element(string path, decimal index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    public static string Element(string path, FluidValue index) => index switch
    {
        NumberValue number => Element(path, number.ToNumberValue()),
        BaseNilValue => $"{path}[nil]",
        _ => Member(path, index.ToStringValue()),
    };

    private static bool IsWord(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
