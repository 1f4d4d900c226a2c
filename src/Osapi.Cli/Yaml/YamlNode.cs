using YamlDotNet.Core;

namespace Osapi.Cli.Yaml;

/// <summary>A part of a YAML file that knows where it stands.</summary>
internal abstract class YamlNode(Mark start)
{
    public Mark Start => start;

    /// <summary>How many levels lie below, aliases followed.</summary>
    public virtual int Height => 0;

    /// <summary>How many nodes it is, itself among them and aliases followed.</summary>
    public virtual long Size => 1;
}

/// <summary>A text, or what reads as a number, a truth or nothing when it is written plainly, without quotes.</summary>
internal sealed class YamlScalar(Mark start, string text, bool plain, bool typed = false) : YamlNode(start)
{
    public string Text => text;

    public bool IsPlain => plain;

    /// <summary>True when a tag, such as <c>!!int</c>, says what a plain one is.</summary>
    public bool IsTyped => typed;

    /// <summary>The text at a length that can be read, as problems name members, too.</summary>
    public string Excerpt => text.Length <= 80 ? text : text[..77] + "...";

    /// <summary>True for what stands for nothing (YAML 1.2 core schema).</summary>
    public bool IsNull => plain && text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed class YamlList(Mark start, IReadOnlyList<YamlNode> items) : YamlNode(start)
{
    public IReadOnlyList<YamlNode> Items => items;

    public override int Height { get; } = 1 + items.Select(item => item.Height).DefaultIfEmpty(-1).Max();

    public override long Size { get; } = 1 + items.Sum(item => item.Size);
}

/// <summary>A mapping; no two of its keys are the same.</summary>
internal sealed class YamlMapping(Mark start, IReadOnlyList<(YamlScalar Key, YamlNode Value)> members) : YamlNode(start)
{
    public IReadOnlyList<(YamlScalar Key, YamlNode Value)> Members => members;

    public override int Height { get; } = 1 + members.Select(member => member.Value.Height).DefaultIfEmpty(-1).Max();

    public override long Size { get; } = 1 + members.Sum(member => member.Value.Size);

    public YamlNode? Find(string name) => members.FirstOrDefault(member => member.Key.Text == name).Value;
}
