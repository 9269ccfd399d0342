/** 离线使用、新版本和机构设置的文字；见 `en-offline.js`。 */

/** @type {import('./t.js').Table} */
export const offline = {
  'offline.title': '离线使用',
  'offline.short.ready': '可离线使用',
  'offline.short.loading': '正在准备离线使用',
  'offline.short.none': '仅限联网',
  'offline.short.failed': '仅限联网',
  'offline.short.update': '有新版本',
  'offline.ready': '已可离线使用：没有网络时本页面也能再次打开，关闭浏览器之后也一样。',
  'offline.loading': '正在准备离线使用：已下载 {done}，共 {total}。',
  'offline.beginning': '正在准备离线使用。',
  'offline.none':
    '本页面在这里不能离线使用：浏览器不为它保留任何内容（无痕窗口，或未使用 https 的页面）。联网时一切正常。',
  'offline.failed': '本页面还不能离线使用：从服务器收到的内容不完整。联网时一切正常；下次载入页面时会再次尝试。',
  'offline.models': '没有网络时可用的模型',
  'offline.wish.all': '全部（{size}）',
  'offline.wish.all.title': '把随本页面提供的所有模型都保留在这台电脑上',
  'offline.wish.used': '仅使用过的',
  'offline.wish.used.title': '模型使用过一次后保留在这台电脑上；其他模型需要网络',
  'offline.model.here': '{title}：已在本机，{size}',
  'offline.model.away': '{title}：需要网络，{size}',
  'offline.what':
    '本页面的各个部分及其模型保存在浏览器为它提供的存储空间中，每一个都经过完整性检查。您的图像不在其中。',
  'offline.update.waits': '本页面的新版本已准备好。',
  'offline.update.taken': '另一个标签页已换用本页面的新版本。',
  'offline.update.kept':
    '只在您同意后才换用，绝不会自动进行。会先保留您的工作，在新版本中恢复；训练从最近一次验证继续。',
  'offline.update.notKept': '只在您同意后才换用，绝不会自动进行。本次工作不会保留：请先保存您需要的标注和模型。',
  'offline.take': '载入新版本',
  'offline.taking': '正在载入……',

  'house.broken':
    '本页面的设置 config.json 不是有效的 JSON，在文件改正之前不予采用（{why}）。在此之前，未经询问不保留任何内容。',
  'house.noObject': '本页面的设置 config.json 必须是花括号中的对象，现不予采用。在此之前，未经询问不保留任何内容。',
  'house.unknown': 'config.json 中的“{name}”没有意义。可用的有：{known}。',
  'house.wrong': 'config.json 中的“{name}”必须是{what}。该项不予采用。',
  'house.must.keep': '"keep"、"ask" 或 "forget"',
  'house.must.keepDays': '大于 0、不超过 3650 的天数',
  'house.must.languages': '语言列表，例如 ["en", "de"]',
  'house.must.models': '模型标识的列表，例如 ["nuclei"]',
  'house.must.defaultModel': '花括号中按模态列出的模型标识，例如 "US": "fetal-head"',
  'house.must.notice': '不超过 1000 个字的文字',
  'house.model': 'config.json 中的模型未随本页面提供：{id}。',
};
